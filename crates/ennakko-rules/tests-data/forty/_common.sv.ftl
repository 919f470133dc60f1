letter =
    .greeting = Hei,
    .why = Koska:
    .decided = Koneellisesti.
    .contact = Ota yhteyttä.
    .law = Laki: { $law }.
