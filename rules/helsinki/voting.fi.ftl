# The letter about voting, to the person alone. It does not say why just this person gets it: first time, or citizenship.

elections =
    .title = Tietoa kuntavaaleista
    .who = Tämä kirje on sinulle.
    .what = Voit äänestää kuntavaaleissa. Vaalipäivä on { $election_day }. Voit äänestää myös ennakkoon { $advance_from }–{ $advance_to } missä tahansa yleisessä ennakkoäänestyspaikassa. Vaalipäivänä äänestetään omalla äänestyspaikalla: { $place }. Äänestämiseen ei tarvitse ilmoittautua. Ota mukaan henkilöllisyystodistus. Virallisen ilmoituksen äänioikeudesta lähettää Digi- ja väestötietovirasto.
    .what_unshown = Voit äänestää kuntavaaleissa. Vaalipäivä on { $election_day }. Voit äänestää myös ennakkoon { $advance_from }–{ $advance_to } missä tahansa yleisessä ennakkoäänestyspaikassa. Vaalipäivänä äänestetään omalla äänestyspaikalla, joka kerrotaan Digi- ja väestötietoviraston ilmoituksessa äänioikeudesta. Äänestämiseen ei tarvitse ilmoittautua. Ota mukaan henkilöllisyystodistus.
    .by_when = Äänestä ennakkoon viimeistään { $advance_to } tai vaalipäivänä { $election_day }. Tähän kirjeeseen ei tarvitse vastata.
    .silence = Vastaamatta jättäminen ei vaikuta mihinkään. Äänioikeus säilyy.
    .say_no = Äänestäminen on vapaaehtoista. Jos et halua tällaisia kirjeitä, kerro se meille, niin emme lähetä niitä. Äänioikeuteesi se ei vaikuta: { $contact_name }, sähköposti { $contact_email }.

old_enough = Äänioikeusikä
    .yes = Olet vaalipäivänä äänioikeusiässä.
    .no = Et ole vielä vaalipäivänä äänioikeusiässä.
    .unknown = Rekisteristä ei selviä, oletko vaalipäivänä äänioikeusiässä.

of_age = Täysi-ikäisyys
    .yes = Olet täysi-ikäinen, joten kirjoitamme sinulle itsellesi.
    .no = Et ole vielä täysi-ikäinen. Kirje tulee sinä päivänä, jona tulet täysi-ikäiseksi, jos se on viimeistään vaalipäivä.
    .unknown = Rekisteristä ei selviä, oletko täysi-ikäinen.

lived_here = Kotikunta
    .yes = Kotikuntasi oli Helsinki { $residence_day }. Se päivä ratkaisee, minkä kunnan vaaleissa äänestät.
    .no = Kotikuntasi ei ollut Helsinki { $residence_day }. Se päivä ratkaisee, minkä kunnan vaaleissa äänestät.
    .unknown = Rekisteristä ei selviä, oliko kotikuntasi Helsinki { $residence_day }.

right_to_vote = Äänioikeus
    .yes = Sinulla on äänioikeus kuntavaaleissa.
    .no = Äänioikeuden edellytykset eivät tietojemme mukaan täyty. Asian ratkaisee äänioikeusrekisteri, jota pitää Digi- ja väestötietovirasto.
    .unknown = Rekisteristä ei selviä, onko sinulla äänioikeus kuntavaaleissa. Asian ratkaisee äänioikeusrekisteri, jota pitää Digi- ja väestötietovirasto.

first_or_foreign = Kenelle kirjoitamme
    .yes = Kirjoitamme niille, joille näissä vaaleissa voi olla jotakin uutta.
    .no = Kirjoitamme vain niille, joille näissä vaaleissa voi olla jotakin uutta. Äänioikeuteesi se ei vaikuta.
    .unknown = Rekisteristä ei selviä, kuulutko niihin, joille kirjoitamme. Äänioikeuteesi se ei vaikuta.
