"""What both programs share: errors, records, inputs, the store; no torch, no MkDocs, no HTML."""
