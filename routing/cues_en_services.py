"""The cues in English for a home and for services."""

from routing.cues import Cue, read_table

SERVICES: tuple[Cue, ...] = read_table(r"""
<mine> = (my|our|the|his|her|their)
<respond> = (object\w*|support\w*|comment\w*|representations?|oppos\w*|against|in favour|refused?|overlook\w*|
        approv\w+|turned down|reject\w*)
<number> = (\d{2,4}/\d{5}(/\w{1,5})?|\d{2,4}/\d{3,5}/[a-z]\w{1,4})
<taxing> = (challeng\w*|summons|exempt\w*|disregard\w*|discount|wrong band|wrong bill|appeal\w*|disput\w+|overcharg\w*|
        overpaid|arrears|bailiffs?|tribunal|students?|unfurnished|unoccupied|empty|sold|deceased|probate|refund|
        not mine|
        already paid|paid already|not owe|n't owe|not be paying|severely mentally|enforcement agents?|by mistake|
        in the name of|died|passed away|inherit\w*|disabled band|rebate|debt)
<meeting> = (full council|(council|public|forum|town|councillors'?) meeting|committee|cabinet|scrutiny|the meeting|
        area forum|
        the executive|the assembly)

[homelessness]
homeless-named: homeless
    homeless(ness)?
    unless (the|those|these|some|all|help|helping) homeless
    unless homeless (people|persons?|man|men|guys?|charity|shelters?|hostels?)
homeless-eviction: evict
    (being|been|be|getting|facing|threatened with|me|my|our|illegal\w*|unlawful\w*) (\w+ )?evict\w*
    evict(ion|ing|s|ed)? (notice|order|date|letter|warrant|me|us)
    unless why (haven't|hasn't|have not|has not|aren't)~evict\w*
homeless-notice: section notice
    section (21|8|184|188) notice
    section (21|188)
    notice to quit|notice of possession
homeless-nowhere: nowhere where
    no ?where (else )?(to|for (me|us|them) to) (live|sleep|stay|go)
homeless-where: where
    where (are|am|is|do|shall|will) (we|i|he|she|they) ((meant|supposed|going) to )?(go|live|sleep) (now|tonight)
    where (are|am) (we|i) (meant|supposed|expected) to (go|live|sleep)
homeless-sleeping: sleep living
    living in (my|a|our|his|her|their) (car|van|tent|shed)
    sleep(ing)? (rough|outside|outdoors|on the streets?|in <mine> (car|van|tent|doorway|shed|park))
homeless-sofa: sofa floor
    sofa.?surf\w*
    sleep(ing)? on (a |my |his |her |their |\w+'s? )?(friends?'?s? )?(sofa|floor)
homeless-out: kicked thrown chucked locked
    (kicked|thrown|chucked) (me|us) out
    (kicked|thrown|chucked|locked) (me |us |him |her |them )?out (of <mine> (home|house|flat|room)|on the street)
homeless-bailiffs: bailiff repossess
    bailiffs?~(house|home|flat|possession|evict\w*)
    repossess\w*~(house|home|flat)|(house|home|flat)~repossess\w*
homeless-throwing: throwing kicking turning
    (throwing|kicking|turning) (me|us) out
homeless-losing: home house flat tenancy
    los(e|ing|t) (my|our) (home|house|flat|tenancy)
homeless-temporary: accommodation emergency
    (temporary|emergency|interim) accommodation|emergency housing
homeless-refuge: refuge fleeing
    women'?s'? refuge|place in a refuge
    fleeing~(abuse|violence|husband|partner|ex)
homeless-possession: possession
    possession (order|hearing|proceedings|notice|date)|(order|warrant|notice|claim) (for|of) possession
homeless-bailiffs-come: bailiff
    bailiffs? (are |is |will )?(come|comes|coming|due|arrive|booked|evict\w*)
    unless council tax|fines?|debts?
homeless-slept: slept sleep living live lived
    (slept|sleep|sleeps|sleeping|living|lives?|lived) (in|out of|inside) (\w+ ){0,2}(car|van|tent|shed|garage|doorway|
        bus shelter|stairwell|subway)
    unless (cat|cats|dog|dogs|foxes|fox|rats|bats|hedgehogs?)
homeless-kipping: kip doss bedding
    (kip|kipp|doss)\w* (down )?(in|on|under|at|out)|bedding down (in|on|under)
homeless-refuge-left: refuge hostel shelter leave place room
    (asked|told|have|got) (us |me )?to leave (the|my|our|this) (refuge|hostel|shelter|b&b|hotel|placement)
    no (place|room|bed) for (me|us) (and|at|in)
homeless-street: street streets
    (we|i|us|me) (\w+ ){0,3}(on|onto) the streets? (tonight|now|with|by|from|again|next|tomorrow)
homeless-landlord: landlord landlady
    (landlord|landlady)~(wants?|told|gave|given|giving|telling|asked|ordered|making) (me|us) (out|to leave|to go|
        notice|to get out|\w+ weeks)
    (landlord|landlady)~(chang\w+ the locks|kick\w*|throw\w*|chuck\w*|evict\w*|turf\w*)
homeless-roof: roof home
    (no|without a|have a|got a) roof over (my|our|their|his|her)|without a home|(have|got) no home|no home to go to
homeless-told: leave
    (told|have|got|has|asked) (me |us )?to (leave|be out of|get out of|move out of) (my|our|the) (home|house|flat|room|
        hostel)
    notice to leave
homeless-locks: locks
    chang\w+ the locks

[planning-representation]
planning-object: object opposed oppose against
    (object\w*|opposed?|against)~planning (application|permission|proposal)
planning-comment: planning
    planning~(objections?|representations?)
    (comments?|representations?|support\w*)~planning application
planning-number: object support comment represent oppos against favour refuse overlook approv turned reject
    <respond>~<number>
    <number>~<respond>
planning-objection: object
    object\w* to the~(application|proposal|proposed|development|extension|dwellings?|planning)
planning-support: application
    (in support of|object\w* to|opposed to|oppos\w+|against) (the|this|that) application
planning-plan: local
    (comments?|representations?|respon\w+|object\w*)~local (development )?plan
planning-heritage: preservation listed
    tree preservation order|(object\w*|consent)~listed building
planning-scheme: development scheme extension houses flats dwelling proposal estate
    (object\w*|oppos\w*|against) (to )?(the |this |that |these |those |any |your )?(\w+ ){0,2}
        (development|scheme|extension|houses|flats|dwellings?|proposals?|housing estate)
planning-views: comment views
    (comments?|views) (on|about) (the|this|that|your) (\w+ ){0,2}(application|extension|development|proposed \w+|
        dwellings?|plans for)
planning-refuse: permission refuse
    (must not|mustn't|should not|shouldn't|never) be (given|granted|allowed) (planning )?permission
    refuse (the|this|that|planning) (application|permission|scheme)
    unless (school|blue badge|skip|parking|card)
planning-refused-by: planning
    (against|oppos\w*|in favour of|refuse|reject)~planning (application|permission|appeal)
planning-grounds: loss overdevelopment overshadow overbearing
    loss of (light|privacy)|over-?development|overshadow\w*|overbearing
    unless streets? lights?|street lamps?
planning-farm: solar wind
    (object\w*|oppos\w*|against|support) (to )?(the|this|your) (solar|wind) (farm|turbines?)
planning-applied: application mast houses homes flats warehouse extension dormer turbine pylon quarry bungalow storey
    (planning |this |that |the )applications?( for)?~(strongly |wholly |firmly |do |must )?(object|oppos\w*|against|
        refused|turned down|rejected)
    (mast|houses|homes|flats|warehouse|extension|dormer|turbines?|pylons?|quarry|bungalow|storey)~(object\w*|oppos\w*)
    unless licen[cs]\w*|job|grant|school|card|paint

[benefits]
benefit-named: housing universal attendance
    housing benefit|universal credit|attendance allowance
    unless housing benefits from
benefit-council-tax: tax
    council tax (redu\w+|support|benefit)
benefit-hardship: discretionary hardship household dhp
    discretionary housing|dhp|hardship (fund|payment)|household support fund
benefit-stopped: benefit
    benefits? (claim|appeal|overpayment|payment|decision|award)
    (my|our|his|her) benefits?~(stopped|suspended|cut|sanction\w*|late)
    (stopped|suspended|cut) (my|our|his|her) benefits?
benefit-meals: meals dinners lunch
    free school (meals?|dinners?|lunch\w*)
benefit-overpaid: benefit
    (overpa\w+|underpa\w+|entitled|claim\w*|apply|applied|appeal\w*)~benefits?
    benefits?~(overpa\w+|underpa\w+|claim\w*|appeal\w*|reassess\w*|tribunal)
    unless (benefit (of|from)|the benefits of|tax|would benefit|mutual)
benefit-others: independence allowance crisis welfare clothing uniform pension
    personal independence payment|carer'?s allowance|pension credit|crisis (loan|fund|payment|grant)|local welfare
    (school )?(clothing|uniform) grant
benefit-rent: rent
    help (with|paying|towards|to pay) (my|our|the) rent
benefit-cap: cap local backdat bedroom
    benefit cap|bedroom tax|local housing allowance|backdat\w+~(claim|benefits?|award)

[council-tax-liability]
tax-liable: tax
    (liable|liability)~council tax|council tax~(liable|liability)
tax-dispute: tax
    council tax~<taxing>
    <taxing>~council tax
tax-single: single
    single (person|persons|person's|occupancy|occupier) discount
tax-band: band
    (council tax|property)~(re-?band\w*|banding)|wrong (council tax )?band
tax-order: liability valuation
    liability order|valuation (tribunal|office)
tax-moved: moved
    (moved out|moved away)~council tax|council tax~(moved out|moved away)
tax-not-owed: tax
    (not|n't|never|shouldn't|should not) (\w+ ){0,3}(owe|pay|paying|liable|responsible)~council tax (on|for|at|bill)
    (paid|owe\w*)~council tax~(twice|already|error|mistake|wrong)
tax-band-asked: band bands
    council tax bands?|bands?~council tax
tax-recovery: tax
    council tax (arrears|debts?|summons|court|recovery|liability|exemption|refund|tribunal)
    (disabled|wrong) band~council tax|(mother|father|husband|wife|mum|dad) died~council tax
tax-not: tax
    (not|n't|never|no longer|wrongly|owe no)~council tax
    council tax~(not|n't|no longer|wrongly)~(owe\w*|liv\w+|own\w*|liable|mine|responsible|correct|right|pay|due)
    unless (know|sure|understand|answer\w*|reply|mean)
tax-occupier: tax occup
    single occup\w+|(discount|exemption|reduction) (from |on |for )?(my |our |the )?council tax|council tax (discount|
        exemption|reduction)

[licensing]
licence-kind: licen
    (premises|alcohol|taxi|hackney carriage|private hire|street trading|gambling|betting|hmo|entertainment|club|
        pavement|
        scrap metal|boarding|breeding|caravan site|street collection|tattoo\w*|pet shop|personal|
        operator'?s?) (\w+ )?licen[cs]\w*
    unless (driving|tv|television) licen[cs]\w+
licence-driver: taxi private hackney
    (taxi|private hire|hackney) (\w+ )?(badge|plate|driver's licen[cs]\w+)
licence-process: licen
    licensing (application|objection|committee|act|hearing|review|representation|sub-?committee)
licence-hearing: licen
    licen[cs]e (application|renewal|review|hearing)
    (object\w*|representation\w*)~licen[cs]\w*
    unless (driving|tv|television|dog|fishing|poetic) licen[cs]\w*
licence-event: temporary
    temporary event notice
licence-renewal: licen
    licen[cs]e~(renew\w*|expire\w*|runs? out|hearing|revok\w+|suspend\w*)
    (renew\w*|revok\w+|suspend\w*|transfer)~licen[cs]e
    unless (driving|tv|television|dog|fishing|software|rod) licen[cs]\w+
licence-hmo: hmo
    (licensed|registered|run|used) as an? hmo|hmo~(licen\w+|regist\w+)
licence-trade: licen alcohol taxi hackney privat premises trading hire
    licen[cs]\w*~(alcohol|taxi|hackney|privat\w* hire|street trading|premises|pub|nightclub|gambl\w+|scrap|breed\w*|
        boarding|door staff)
    (alcohol|taxi|hackney|privat\w* hire|trading|pub|nightclub|gambl\w+|scrap)~licen[cs]\w*
    unless (driving|tv|television|dog|fishing) licen[cs]\w*|left|lost|poetic|hand(ed)? it in

[public-meeting]
meeting-statement: statement question speak speech address petition deputation submission
    (statement|questions?|speak|speech|address|petition|deputation|submission)~(to|at|for|before|by|in)~<meeting>
meeting-read: read
    read (it |this |my statement |the following )?(out|aloud)~<meeting>
    <meeting>~read (out|aloud)
meeting-public: public
    public (question time|questions|participation|speaking)
meeting-petition: petition deputation
    petition (of|with|signed|about|against|to (the|full|your))
    (present\w*|hand\w*|submit\w*|bring\w*) (in )?(a|an|the|our|my) (\w+ )?(petition|deputation)
meeting-address: address
    address (the )?(councillors|members|full council|council|cabinet|committee)
meeting-slot: speak supplementary notice committee council cabinet scrutiny
    register(ed|ing)? to speak|speaking slot|speak for (three|3|two|five) minutes|supplementary question|
        question on notice
    (committee|full council|cabinet|council meeting|scrutiny) (\w+ ){0,3}to (speak|address|ask|put|present)
    unless to (speak|ask) (me|us)
meeting-our-petition: petition
    (our|my|this|a|the) (\w+ )?petition
meeting-question: question
    (put|ask|submit|raise)~questions? (to|for|of)~(leader|councillors|chair|mayor|cabinet|committee|council|members|
        executive)
    question~(meeting of the|council meeting|next meeting)
""")
