# The letter about breast cancer screening, to the person alone. The title says nothing of what it is about.

turn =
    .title = About a health service
    .who = This letter is for you only.
    .what = It is your turn for breast cancer screening. People are invited every { $months_min } to { $months_max } months. It is free of charge. You will get an invitation that tells where and when the pictures are taken. If you have symptoms, do not wait for the invitation but contact your health station.
    .by_when = You need not reply to this letter. If the invitation does not come, ask us about it: { $contact_name }, telephone { $contact_phone }.
    .silence = Not replying has no effect. You will get the invitation all the same.
    .say_no = Taking part is voluntary, and you need not give a reason. You may leave the invitation unused. If you want no letters about screening, tell us and we will send none. You can take part all the same, and you can change your mind at any time: { $contact_name }, e-mail { $contact_email }.

age_in_programme = Age of screening
    .yes = In { $year } you are of an age at which people are invited to screening.
    .no = In { $year } you are not of an age at which people are invited to screening.
    .unknown = The register does not tell whether in { $year } you are of an age at which people are invited to screening.

registered_female = Registered sex
    .yes = The register has your sex as female.
    .no = The register does not have your sex as female, so we send no letter. If you think that the screening is for you all the same, ask us.
    .unknown = The register does not tell your sex. If you think that the screening is for you, ask us.

lives_in_city = Municipality of residence
    .yes = You live in Helsinki, according to the register.
    .no = You do not live in Helsinki, according to the register.
    .unknown = The register does not tell whether your municipality of residence is Helsinki.

invited_lately = Latest invitation
    .yes = An invitation was sent to you so lately that it is not your turn again yet.
    .no = Your latest invitation was so long ago that it is your turn, or you have not been invited yet.
