//! Tidy as an ordinary test.

#[test]
fn the_repository_is_tidy() {
    super::run().expect("the problems are printed");
}
