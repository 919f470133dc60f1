letter_screening =
    .title = Kirje
    .who = Kirje koskee: { $subject }.
    .what = Palvelu.
    .by_when = Vastata ei tarvitse.
    .silence = Mitään ei seuraa.
    .say_no = Sano ei.
    .two_homes = Kaksi kotia?

female = Ehto
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

right_age = Ehto
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

not_of_late = Ehto
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.
