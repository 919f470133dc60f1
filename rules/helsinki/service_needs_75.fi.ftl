# The letter about the assessment of service needs, to the person alone. Everybody of the age gets it, and it says so: it
# supposes nothing about anybody's health.

right =
    .title = Tietoa kaupungin palveluista
    .who = Tämä kirje on sinulle.
    .what = Onnea { $age }-vuotispäivän johdosta! Tässä iässä jokainen helsinkiläinen saa oikeuden pyytää kaupungilta palvelutarpeen arviointia, ja siksi kerromme siitä kaikille. Emme oleta mitään voinnistasi tai avun tarpeestasi. Arvioinnissa käydään kanssasi läpi, olisiko jostakin palvelusta sinulle hyötyä nyt tai myöhemmin. Pyynnön voit tehdä itse, ja sen voi tehdä myös läheinen.
    .by_when = Vastauksella ei ole määräpäivää. Voit pyytää arviointia milloin tahansa: { $contact_name }, puhelin { $contact_phone }.
    .silence = Kirjeeseen ei tarvitse vastata, eikä vastaamatta jättäminen vaikuta mihinkään. Oikeus säilyy.
    .say_no = Arviointia ei tarvitse pyytää. Jos et halua tällaisia kirjeitä, kerro se meille, niin emme lähetä niitä: { $contact_name }, sähköposti { $contact_email }.

has_reached_age = Ikä
    .yes = Olet täyttänyt iän, josta alkaen palvelutarpeen arviointia voi pyytää.
    .no = Et ole vielä täyttänyt ikää, josta alkaen palvelutarpeen arviointia voi pyytää tällä perusteella.
    .unknown = Rekisteristä ei selviä, milloin täytät iän, josta alkaen palvelutarpeen arviointia voi pyytää.

lives_in_city = Kotikunta
    .yes = Asut rekisterin mukaan Helsingissä.
    .no = Et asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko kotikuntasi Helsinki.

assessed = Tehty arviointi
    .yes = Palvelutarpeesi on arvioitu tänä tai viime vuonna.
    .no = Palvelutarvettasi ei ole arvioitu tänä eikä viime vuonna.
