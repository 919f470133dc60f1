letter_of_place =
    .title = Paikka
    .who = Kirje koskee: { $subject }.
    .what = Paikka.
    .by_when = { $reply_by }
    .silence = Ei mitään.
    .say_no = Sano ei.

flagged = flagged
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

seen = seen
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

rich = rich
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

