"""The cues in English for adjustments that disabled people ask for, and for hazards in the council's homes."""

from routing.cues import Cue, read_table

HOMES: tuple[Cue, ...] = read_table(r"""
<need> = (need\w*|want\w*|like|prefer\w*|require\w*|send\w*|sent|have|get|got|ask\w*|request\w*|available|provide\w*|
        come|do (you|these|this)|put|read)
<room> = (bedroom|kitchen|bathroom|living room|lounge|ceiling|walls?|flat|cot|home|house|landing|hallway|nursery)

[adjustment]
adjust-named: adjustment adjustments
    reasonable adjustments?|adjustments?~(disab\w*|equality act|autis\w*|deaf\w*|blind\w*|dyslexi\w*)
adjust-print: print font type
    <need>~(large|larger|big|bigger|bold|\d\d.?point) (print|font|type)|(large|larger|big|bigger) print please
    unless books?|novels?|shop|sign|poster
adjust-form: braille audio easy
    <need>~(braille|easy.?read|audio (format|version|tape|cd))|in (braille|audio|easy.?read)
    unless thank\w*|books?|exhibition|workshop|class|classes
adjust-signed: sign bsl interpreter lipspeaker loop
    <need>~(sign language|bsl|lip.?speaker|hearing loop)|(bsl|sign language) interpreter|(need|want|book|provide)~
        interpreter
    unless class|classes|course|lessons?|learn\w*|freelance|need for the
adjust-reader: reader
    (screen|text).?reader~(can't|cannot|won't|not|no)|(can't|cannot|not)~(screen).?reader
adjust-unable: read see hear write
    (can't|cannot|carnt|can not|unable to|not able to) (read|see|hear|write|fill in|understand) (it|your|the|this) ?
        (letters?|forms?|post|print|phone)?~(blind|sight|deaf|disab\w*|dyslexi\w*|autis\w*|stroke|dementia|illiterate)

[hazard]
hazard-law: awaab hazard
    awaab'?s'? law|category (1|one) hazards?|hazards in social housing
hazard-mould: mould mold damp mildew
    (mould|mold|mildew|damp)~(<room>|baby|child\w*|kids?|asthma\w*|chest|breath\w*|lungs?|spores|clothes|mattress)
    (<room>|clothes|mattress)~(mould|mold|mildew|damp)
    unless garden|allotment|lawn|cloth|sponge|jelly|playgroup|firewood|(damp|mould).?proof course sold
hazard-water: water rain sewage
    (water|rain|sewage)~(through|down|into|in|from)~(ceiling|light fitting|sockets?|electrics|bedroom|kitchen)
    (raw )?sewage~(bath|bathroom|toilet|kitchen|floor|garden|back ?step|backing up)
    unless swimming|library|museum
hazard-heat: heating boiler heater radiators water
    (no|without|not had|haven't had) (any )?(heating|hot water|running water|radiators)
    boiler~(broken|broke|dead|packed up|condemned|gone|not working|failed|carbon monoxide)
    unless leisure centre|library|pool|village hall|church|shop|office
hazard-electric: wires wiring socket sockets electrics
    (bare|exposed|live|hanging|loose) (wires|wiring|cables)|wir(es|ing)~(bare|exposed|live|hanging|sparking)
    (sockets?|fuse ?box|fuse ?board|consumer unit|electrics)~(spark\w*|smok\w*|burn\w*|melt\w*|scorch\w*|crackl\w*|
        buzz\w*|shock\w*)
hazard-vermin: rats rat mice cockroaches bedbugs infestation
    (rats?|mice|cockroaches|bed ?bugs|infestation)~(in|under|behind)~(my|our|the|his|her) (\w+ )?(<room>|cupboards?|bed)
    unless museum|hamster|pet|pets|school play
hazard-structure: ceiling stairs banister floor
    (ceiling)('s| is| has| have)? (come|fallen|coming|falling|caved|down|collapsed)|(stairs|floor|banister|balcony)~
        (given way|collapsed|rotten|rotted|coming away|gone soft)
""")
