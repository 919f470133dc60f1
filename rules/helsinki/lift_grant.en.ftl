# The letter about the lift grant, to the owners of a building. $subject is the building's address.

grant =
    .title = State grant for building a lift
    .who = This letter is for the owner of the building at { $subject }.
    .what = By the registers, you can apply for a state grant for building a new lift in this building. The grant is at most { $share } per cent of the approved costs. The share is an upper bound and is not promised by this letter. If the share for { $year } has not been confirmed yet, the figure is an estimate: check it with us before you count on it.
    .by_when = There is no day by which to reply. Apply for the grant, and wait for the decision before the works start.
    .silence = You need not reply, and not replying has no effect. You can still apply for the grant.
    .say_no = If you do not want letters like this, tell us and we will not send them: { $contact_name }, e-mail { $contact_email }.

block_of_flats = Block of flats
    .yes = The building is a block of flats or a balcony-access block.
    .no = The building is neither a block of flats nor a balcony-access block.
    .unknown = The register does not tell whether the building is a block of flats or a balcony-access block.

enough_dwellings = Number of dwellings
    .yes = The building has as many dwellings as the grant requires.
    .no = The building has fewer dwellings than the grant requires.
    .unknown = The register does not tell how many dwellings the building has.

enough_storeys = Number of storeys
    .yes = The building has as many storeys as the grant requires.
    .no = The building has fewer storeys than the grant requires.
    .unknown = The register does not tell how many storeys the building has.

stairwell_without_lift = Stairwell without a lift
    .yes = The building has a stairwell without a lift.
    .no = Every stairwell of the building has a lift.
    .unknown = The register does not tell whether every stairwell of the building has a lift.

has_grant = Lift grant already made
    .yes = A lift grant was already made for the building in { $year }.
    .no = No lift grant was made for the building in { $year }.

listed = Protected building
    .yes = The building is protected.
    .no = The building is not protected.
