letter_starts_school =
    .title = Kirje
    .who = Kirje koskee: { $subject }.
    .what = Palvelu.
    .by_when = Vastata ei tarvitse.
    .silence = Mitään ei seuraa.
    .say_no = Sano ei.
    .two_homes = Kaksi kotia?

turns_seven = Ehto
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

lives_in_city = Ehto
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

no_place = Ehto
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.
