//! Reading → Draft of the acknowledgement.
