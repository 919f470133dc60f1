# The letter about colorectal cancer screening, to the person alone. The title says nothing of what it is about.

turn =
    .title = Information om en hälsovårdstjänst
    .who = Det här brevet är bara till dig.
    .what = År { $year } är det din tur att delta i screeningen för tarmcancer. Den är avgiftsfri. Laboratoriet skickar en kallelse, provtagningsutrustning och anvisningar till dig per post senast i november. Provet tar man själv hemma, och man behöver inte förbereda sig. Om du har symtom ska du inte vänta på kallelsen utan kontakta hälsostationen.
    .by_when = Du behöver inte svara på det här brevet. Om kallelsen inte har kommit före utgången av november kan du fråga oss om den: { $contact_name }, telefon { $contact_phone }.
    .silence = Det har ingen följd om du låter bli att svara. Du får kallelsen ändå.
    .say_no = Det är frivilligt att delta, och du behöver inte ange någon orsak. Du kan låta bli att använda kallelsen. Om du inte vill ha brev om screening kan du meddela oss det, så skickar vi inga fler. Du kan ändå delta, och du kan ändra dig när som helst: { $contact_name }, e-post { $contact_email }.

born_in_turn = Screeningtur
    .yes = Ditt födelseår är med i screeningen år { $year }.
    .no = Ditt födelseår är inte med i screeningen år { $year }.
    .unknown = Det framgår inte av registret om ditt födelseår är med i screeningen år { $year }.

lives_in_city = Hemkommun
    .yes = Du bor enligt registret i Helsingfors.
    .no = Du bor enligt registret inte i Helsingfors.
    .unknown = Det framgår inte av registret om din hemkommun är Helsingfors.

invited = Kallelse
    .yes = En kallelse har redan skickats till dig år { $year }.
    .no = Ingen kallelse har ännu skickats till dig år { $year }.

sampled = Prov
    .yes = Ditt screeningprov har redan kommit in år { $year }.
    .no = Ditt screeningprov har ännu inte kommit in år { $year }.
