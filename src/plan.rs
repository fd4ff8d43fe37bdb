//! Letter + Reading + what we already told them → steps.
