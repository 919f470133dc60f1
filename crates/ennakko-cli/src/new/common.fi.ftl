# Parts that every letter has. The rules' own texts stand in the files named after them.
# Names and addresses are never inflected: they stand in the nominative.

letter =
    .greeting = Hei { $addressee },
    .why = Teemme tämän tarjouksen, koska rekisteritietojemme mukaan:
    .decided = Tarjous on koottu automaattisesti: kaupungin tietojärjestelmä vertasi rekisterin tietoja julkaistuun sääntöön. Tämä on tarjous eikä päätös. Ihminen tarkistaa asian, kun sitä pyydetään.
    .contact = Lisätietoja antaa { $contact_name }, puhelin { $contact_phone }, sähköposti { $contact_email }.
    .object = Jos jokin tieto on väärin tai tilanne on toinen, siitä voi kertoa meille. Tarjousta voi vastustaa, asian voi pyytää ihmisen käsiteltäväksi, ja väärän rekisteritiedon voi pyytää korjaamaan. Vapaamuotoinen viesti riittää: { $contact_email }.
    .law = Tarjous perustuu näihin säädöksiin: { $law }.
