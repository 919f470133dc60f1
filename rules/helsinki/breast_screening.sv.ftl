# The letter about breast cancer screening, to the person alone. The title says nothing of what it is about.

turn =
    .title = Information om en hälsovårdstjänst
    .who = Det här brevet är bara till dig.
    .what = Det har blivit din tur att delta i screeningen för bröstcancer. Man kallas till screening med { $months_min }–{ $months_max } månaders mellanrum. Den är avgiftsfri. Du får en kallelse som berättar var och när bilderna tas. Om du har symtom ska du inte vänta på kallelsen utan kontakta hälsostationen.
    .by_when = Du behöver inte svara på det här brevet. Om kallelsen dröjer kan du fråga oss om den: { $contact_name }, telefon { $contact_phone }.
    .silence = Det har ingen följd om du låter bli att svara. Du får kallelsen ändå.
    .say_no = Det är frivilligt att delta, och du behöver inte ange någon orsak. Du kan låta bli att använda kallelsen. Om du inte vill ha brev om screening kan du meddela oss det, så skickar vi inga fler. Du kan ändå delta, och du kan ändra dig när som helst: { $contact_name }, e-post { $contact_email }.

age_in_programme = Screeningålder
    .yes = Du är år { $year } i den ålder då man kallas till screening.
    .no = Du är år { $year } inte i den ålder då man kallas till screening.
    .unknown = Det framgår inte av registret om du år { $year } är i den ålder då man kallas till screening.

registered_female = Kön i registret
    .yes = Ditt kön är i registret antecknat som kvinna.
    .no = Ditt kön är i registret inte antecknat som kvinna, och därför skickar vi inget brev. Om du tror att screeningen ändå gäller dig kan du fråga oss.
    .unknown = Ditt kön framgår inte av registret. Om du tror att screeningen gäller dig kan du fråga oss.

lives_in_city = Hemkommun
    .yes = Du bor enligt registret i Helsingfors.
    .no = Du bor enligt registret inte i Helsingfors.
    .unknown = Det framgår inte av registret om din hemkommun är Helsingfors.

invited_lately = Senaste kallelse
    .yes = En kallelse har skickats till dig så nyligen att det inte är din tur igen ännu.
    .no = Det är så länge sedan din senaste kallelse att det är din tur, eller också har du inte kallats ännu.
