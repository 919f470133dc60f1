//! The shapes of rhai's tree.
