//! Random histories against a slow model that says one state at a time.
