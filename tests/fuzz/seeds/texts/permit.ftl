# Kirje asukkaalle. Jokainen kohta, joka alkaa sanalla KIRJOITA, on vielä kirjoittamatta.
# Nimiä ei taivuteta: { $subject } on aina perusmuodossa.

service =
    .title = KIRJOITA: kirjeen otsikko
    .who = KIRJOITA: ketä kirje koskee. Nimi on { $subject }.
    .what = KIRJOITA: mitä kaupunki tarjoaa vuonna { $year }.
    .by_when = KIRJOITA: mihin päivään mennessä pitää vastata, tai että vastata ei tarvitse.
    .silence = KIRJOITA: mitä siitä seuraa, että vastausta ei tule.
    .say_no = KIRJOITA: miten tarjouksesta voi kieltäytyä.

born_before = Syntynyt ennen vuotta
    .yes = KIRJOITA: { $subject } on syntynyt ennen vuoden alkua.
    .no = KIRJOITA: { $subject } ei ole syntynyt ennen vuoden alkua.
    .unknown = KIRJOITA: rekisteristä ei selviä, milloin { $subject } on syntynyt.

lives_in_city = Kotikunta
    .yes = KIRJOITA: { $subject } asuu rekisterin mukaan kaupungissa.
    .no = KIRJOITA: { $subject } ei asu rekisterin mukaan kaupungissa.
    .unknown = KIRJOITA: rekisteristä ei selviä, mikä kotikunta on.
