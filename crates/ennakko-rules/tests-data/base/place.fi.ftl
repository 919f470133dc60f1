letter_of_place =
    .title = Paikka
    .who = Kirje koskee: { $subject }.
    .what = Paikka.
    .by_when = { $reply_by }
    .silence = Ei mitään.
    .say_no = Sano ei.
    .two_homes = Kaksi kotia?
right_age = Ikä
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

lives_in_city = Kotikunta
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

not_deferred = Ajallaan
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

has_place = Paikka
    .yes = On.
    .no = Ei ole.

is_special = Erityinen
    .yes = On.
    .no = Ei ole.
