//! Connections of the three drivers behind one value.
