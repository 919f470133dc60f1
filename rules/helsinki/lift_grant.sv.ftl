# The letter about the lift grant, to the owners of a building. $subject is the building's address.

grant =
    .title = Statligt understöd för att bygga en hiss
    .who = Brevet är avsett för byggnadens ägare. Byggnaden har adressen { $subject }.
    .what = Enligt registeruppgifterna kan man för den här byggnaden söka statligt understöd för att bygga en ny hiss. Understödet är högst { $share } procent av de godkända kostnaderna. Andelen är en övre gräns och utlovas inte i det här brevet. Om andelen ännu inte har fastställts för år { $year } är siffran en uppskattning: kontrollera den med oss innan ni räknar med den.
    .by_when = Det finns ingen sista svarsdag. Sök understödet och vänta på beslutet innan arbetet börjar.
    .silence = Ni behöver inte svara på brevet, och det har ingen följd om ni låter bli. Ni kan söka understödet ändå.
    .say_no = Om ni inte vill ha sådana här brev kan ni meddela oss det, så skickar vi inte fler: { $contact_name }, e-post { $contact_email }.

block_of_flats = Flervåningshus
    .yes = Byggnaden är ett flervåningshus eller ett loftgångshus.
    .no = Byggnaden är varken ett flervåningshus eller ett loftgångshus.
    .unknown = Det framgår inte av registret om byggnaden är ett flervåningshus eller ett loftgångshus.

enough_dwellings = Antalet bostäder
    .yes = Byggnaden har så många bostäder som understödet förutsätter.
    .no = Byggnaden har färre bostäder än understödet förutsätter.
    .unknown = Det framgår inte av registret hur många bostäder byggnaden har.

enough_storeys = Antalet våningar
    .yes = Byggnaden har så många våningar som understödet förutsätter.
    .no = Byggnaden har färre våningar än understödet förutsätter.
    .unknown = Det framgår inte av registret hur många våningar byggnaden har.

stairwell_without_lift = Trapphus utan hiss
    .yes = Byggnaden har ett trapphus utan hiss.
    .no = Det finns hiss i alla trapphus i byggnaden.
    .unknown = Det framgår inte av registret om det finns hiss i alla trapphus i byggnaden.

has_grant = Beviljat hissunderstöd
    .yes = Hissunderstöd har redan beviljats för byggnaden år { $year }.
    .no = Hissunderstöd har inte beviljats för byggnaden år { $year }.

listed = Skyddad byggnad
    .yes = Byggnaden är skyddad.
    .no = Byggnaden är inte skyddad.
