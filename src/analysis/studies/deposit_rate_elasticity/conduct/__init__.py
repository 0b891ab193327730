"""How prices were changed and kept: exceptions, compliance, reach and notice."""
