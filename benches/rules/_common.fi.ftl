letter =
    .greeting = Hei,
    .why = Koska:
    .decided = Koneellisesti.
    .contact = Ota yhteyttä.
    .object = Voit vastustaa.
    .law = Laki: { $law }.
