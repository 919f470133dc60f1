letter_young_and_old =
    .title = Kirje
    .who = Kirje koskee kotitaloutta.
    .what = Palvelu.
    .by_when = Vastata ei tarvitse.
    .silence = Mitään ei seuraa.
    .say_no = Sano ei.
    .two_homes = Kaksi kotia?

small_child = Ehto
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

old_person = Ehto
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.
