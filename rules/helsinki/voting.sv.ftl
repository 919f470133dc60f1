# The letter about voting, to the person alone. It does not say why just this person gets it: first time, or citizenship.

elections =
    .title = Information om kommunalvalet
    .who = Det här brevet är till dig.
    .what = Du får rösta i kommunalvalet. Valdagen är { $election_day }. Du kan också rösta på förhand { $advance_from }–{ $advance_to } på vilket allmänt förhandsröstningsställe som helst. På valdagen röstar man på sitt eget röstningsställe: { $place }. Man behöver inte anmäla sig för att rösta. Ta med en identitetshandling. Det officiella meddelandet om rösträtt skickas av Myndigheten för digitalisering och befolkningsdata.
    .what_unshown = Du får rösta i kommunalvalet. Valdagen är { $election_day }. Du kan också rösta på förhand { $advance_from }–{ $advance_to } på vilket allmänt förhandsröstningsställe som helst. På valdagen röstar man på sitt eget röstningsställe, som anges i meddelandet om rösträtt från Myndigheten för digitalisering och befolkningsdata. Man behöver inte anmäla sig för att rösta. Ta med en identitetshandling.
    .by_when = Rösta på förhand senast { $advance_to } eller på valdagen { $election_day }. Du behöver inte svara på det här brevet.
    .silence = Det har ingen följd om du låter bli att svara. Du har kvar din rösträtt.
    .say_no = Det är frivilligt att rösta. Om du inte vill ha sådana här brev kan du meddela oss det, så skickar vi inga fler. Det påverkar inte din rösträtt: { $contact_name }, e-post { $contact_email }.

old_enough = Rösträttsålder
    .yes = Du har på valdagen nått rösträttsåldern.
    .no = Du har på valdagen ännu inte nått rösträttsåldern.
    .unknown = Det framgår inte av registret om du på valdagen har nått rösträttsåldern.

of_age = Myndig
    .yes = Du är myndig, så vi skriver till dig själv.
    .no = Du är inte myndig ännu. Brevet kommer den dag då du blir myndig, om det är senast på valdagen.
    .unknown = Det framgår inte av registret om du är myndig.

lived_here = Hemkommun
    .yes = Din hemkommun var Helsingfors { $residence_day }. Den dagen avgör i vilken kommuns val du röstar.
    .no = Din hemkommun var inte Helsingfors { $residence_day }. Den dagen avgör i vilken kommuns val du röstar.
    .unknown = Det framgår inte av registret om din hemkommun var Helsingfors { $residence_day }.

right_to_vote = Rösträtt
    .yes = Du har rösträtt i kommunalvalet.
    .no = Enligt våra uppgifter uppfylls inte förutsättningarna för rösträtt. Saken avgörs av rösträttsregistret, som förs av Myndigheten för digitalisering och befolkningsdata.
    .unknown = Det framgår inte av registret om du har rösträtt i kommunalvalet. Saken avgörs av rösträttsregistret, som förs av Myndigheten för digitalisering och befolkningsdata.

first_or_foreign = Vem vi skriver till
    .yes = Vi skriver till dem för vilka något kan vara nytt i det här valet.
    .no = Vi skriver bara till dem för vilka något kan vara nytt i det här valet. Det påverkar inte din rösträtt.
    .unknown = Det framgår inte av registret om du hör till dem som vi skriver till. Det påverkar inte din rösträtt.
