# Parts that every letter has. The rules' own texts stand in the files named after them.
# Names and addresses take no genitive: they stand as they are.

letter =
    .greeting = Hej { $addressee },
    .why = Vi ger det här erbjudandet eftersom följande framgår av våra registeruppgifter:
    .decided = Erbjudandet har tagits fram automatiskt: stadens datasystem jämförde uppgifter i register med en publicerad regel. Det här är ett erbjudande och inte ett beslut. En människa granskar ärendet på begäran.
    .contact = Mer information ger { $contact_name }, telefon { $contact_phone }, e-post { $contact_email }.
    .object = Om någon uppgift är fel eller om situationen är en annan går det bra att berätta det för oss. Man kan invända mot erbjudandet, be att en människa behandlar ärendet och begära att en felaktig registeruppgift rättas. Ett fritt formulerat meddelande räcker: { $contact_email }.
    .law = Erbjudandet grundar sig på följande författningar: { $law }.
