# The letter about the assessment of service needs, to the person alone. Everybody of the age gets it, and it says so: it
# supposes nothing about anybody's health.

right =
    .title = Information om stadens tjänster
    .who = Det här brevet är till dig.
    .what = Grattis på { $age }-årsdagen! Vid den här åldern får alla helsingforsare rätt att be staden om en bedömning av servicebehovet, och därför berättar vi om den för alla. Vi förutsätter ingenting om hur du mår eller om du behöver hjälp. I bedömningen går man tillsammans med dig igenom om du kan ha nytta av någon tjänst nu eller senare. Du kan själv be om bedömningen, och det kan också en närstående göra.
    .by_when = Det finns ingen sista svarsdag. Du kan be om en bedömning när som helst: { $contact_name }, telefon { $contact_phone }.
    .silence = Du behöver inte svara på brevet, och det har ingen följd om du låter bli. Rätten finns kvar.
    .say_no = Du behöver inte be om någon bedömning. Om du inte vill ha sådana här brev kan du meddela oss det, så skickar vi inte fler: { $contact_name }, e-post { $contact_email }.

has_reached_age = Ålder
    .yes = Du har fyllt de år då man kan börja be om en bedömning av servicebehovet.
    .no = Du har ännu inte fyllt de år då man på den här grunden kan be om en bedömning av servicebehovet.
    .unknown = Det framgår inte av registret när du fyller de år då man kan be om en bedömning av servicebehovet.

lives_in_city = Hemkommun
    .yes = Du bor enligt registret i Helsingfors.
    .no = Du bor enligt registret inte i Helsingfors.
    .unknown = Det framgår inte av registret om din hemkommun är Helsingfors.

assessed = Gjord bedömning
    .yes = Ditt servicebehov har bedömts i år eller i fjol.
    .no = Ditt servicebehov har inte bedömts i år eller i fjol.
