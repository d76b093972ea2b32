"""Policy as data: what each council has laid down, dated and citing its clauses; the lowest room beside `core`."""
