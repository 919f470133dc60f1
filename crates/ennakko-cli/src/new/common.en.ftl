# Parts that every letter has. The rules' own texts stand in the files named after them.
# English is a translation attached to the valid text in Finnish or Swedish.

letter =
    .greeting = Dear { $addressee },
    .why = We make this offer because, by our registers:
    .decided = This offer was drawn up automatically: the city's computer system compared register data with a published rule. It is an offer and not a decision. A person checks the matter if asked to.
    .contact = For more information, contact { $contact_name }, telephone { $contact_phone }, e-mail { $contact_email }.
    .object = If something here is wrong or the situation is different, please tell us. You can object to the offer, ask for a person to handle the matter, and ask us to correct wrong register data. A message in your own words is enough: { $contact_email }.
    .law = The offer is based on these acts and decrees: { $law }.
