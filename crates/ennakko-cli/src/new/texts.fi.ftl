# Kirje asukkaalle. Jokainen kohta, joka alkaa sanalla KIRJOITA, on vielä kirjoittamatta.
# Nimiä ei taivuteta: { $subject } on aina perusmuodossa.

service =
    .title = KIRJOITA: kirjeen otsikko
    .who = KIRJOITA: ketä kirje koskee. Nimi on { $subject }.
    .what = KIRJOITA: mitä kaupunki tarjoaa vuonna { $year }.
    .by_when = KIRJOITA: mihin päivään mennessä pitää vastata, tai että vastata ei tarvitse.
    .silence = KIRJOITA: mitä siitä seuraa, että vastausta ei tule.
    .say_no = KIRJOITA: miten tarjouksesta voi kieltäytyä.

of_age = Täysi-ikäisyys
    .yes = KIRJOITA: { $subject } on täysi-ikäinen.
    .no = KIRJOITA: { $subject } ei ole täysi-ikäinen.
    .unknown = KIRJOITA: rekisteristä ei selviä, onko { $subject } täysi-ikäinen.

lives_in_city = Kotikunta
    .yes = KIRJOITA: { $subject } asuu rekisterin mukaan kaupungissa.
    .no = KIRJOITA: { $subject } ei asu rekisterin mukaan kaupungissa.
    .unknown = KIRJOITA: rekisteristä ei selviä, mikä kotikunta on.
