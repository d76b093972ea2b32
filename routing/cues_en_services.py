"""The cues in English for services, complaints, the restriction itself, and danger to life."""

from routing.cues import Cue, read_table

SERVICES: tuple[Cue, ...] = read_table(r"""
<limit> = (restrictions?|restricted|ban|sanctions?|single point of contact|spoc|contact arrangements?|managed contact)
<dispute> = (appeal\w*|contest\w*|challeng\w+|disput\w+|object\w*|lift|lifted|remov\w+|review\w*|overturn\w*|unfair\w*|
        unlawful\w*|reconsider\w*|revok\w+|withdraw\w*|disagree\w*|discriminat\w+|disproportionate\w*)
<label> = (vexatious|unreasonabl[ey] persistent|unreasonable (complainant|customer|persistent))
<conduct> = unreasonabl[ey] (persistent )?(actions?|contact|behaviour|complainants?|customers?)
<raise> = (make|making|lodge|lodging|raise|raising|register|submit|submitting|file|filing|log|put in|open)
<respond> = (object\w*|support\w*|comment\w*|representations?)
<number> = (\d{2,4}/\d{5}(/\w{1,5})?|\d{2,4}/\d{3,5}/[a-z]\w{1,4})
<taxing> = (challeng\w*|summons|exempt\w*|disregard\w*|discount|wrong band|wrong bill|appeal\w*|disput\w+|overcharg\w*|
        overpaid|arrears|bailiffs?|tribunal)
<meeting> = (full council|council meeting|public meeting|committee|cabinet|scrutiny|the meeting)

[risk-to-life]
life-suicide: suicid
    suicid\w+
    unless (political|career|financial) suicide|suicid\w+ prevention
life-myself: self myself himself herself yourself
    (kill|hurt|harm|cut|hang|drown|shoot|poison)(ing)? (my|him|her|your) ?self
    self.?harm\w*
life-end: end taking take
    end(ing)? (it all|my (own )?life|my days)
    tak(e|ing) my (own )?life
    (going to|gonna) end it
life-unwanted: want
    (don'?t|do not|no longer|didn'?t|not) (\w+ )?want to (live|be here( any ?more)?|be alive|wake up|exist)
    unless want to (live|be here) (next|near|in|at|on|with|among)
    want(ed)? to (die|be dead)
life-unmissed: miss ready
    (nobody|no one|no-one|noone) (would|will) miss me
    (pills|tablets|rope) (is |are )?ready
life-better-off: better
    better off (dead|without me|if i (wasn'?t|was not|weren'?t|were not|was gone|was dead|died|am not|disappeared))
life-no-reason: reason point
    (no|any) (reason (left )?to live|reason for living|point (in |to |of )?(living|being alive))
life-cannot: can't cannot cant
    i (really |just )?(can'?t|cannot) (go on|carry on|face) (any ?more|any longer|living|another day|with life)
life-overdose: overdos pills tablets
    overdos\w+
    (take|taken|swallow\w*) (\w+ ){0,3}(pills|tablets)
    unless (pharmacy|doctor|prescri\w+)
    unless (take|taking) (\w+ ){0,2}(pills|tablets) (for|every|twice|daily|each)
life-dead: dead
    (wish|rather) (\w+ ){0,2}(be )?dead
    you(('| a)re|r) (all )?(a )?dead( man| woman| meat)?
life-threat: kill murder stab shoot strangl slit behead
    ('ll|will|gonna|going to|want to|coming to|should) (\w+ ){0,2}(kill|murder|stab|shoot|strangle|behead|slit)
        ~(you|your|u|ya|him|her|them|me|us|the|his|my|every\w+|all|one of|some\w+)
    threat\w*~(kill|murder|stab|shoot|strangl\w+)
    unless (kill|murder)~(birds?|grass|trees?|plants?|weeds?|hedges?|bees|rats?|mice|business(es)?|trade|town centre)
life-threat-life: life lives death
    threat\w*~(my|his|her|their|our) li(fe|ves)|threat to life|life.threatening|death threats?
    in fear (of|for) (my|our|his|her|their) li(fe|ves)
life-attack: burn torch bomb blow fire
    (burn|torch|bomb|petrol.?bomb|firebomb|blow up)(ing)? (\w+ ){0,3}
        (house|flat|home|offices?|building|place|council|car|room|school|town hall|lot)( down)?
    set fire to
    set (\w+ ){1,4}on fire
life-wish: hope hang string
    hope~(burns?( down)?|dies?|get cancer) (with|in your|and)
    hope (you|he|she|they|your \w+) (all )?(dies?|burns?)
    (string|hang) (you|him|her|them) up
life-weapon: gun shotgun knife machete acid axe
    (have|got|get|bring|bringing|buy|with|carrying) (a|my|the|an) (gun|shotgun|machete|axe|knife|bottle of acid)
life-bullet: bullet petrol burn die
    bullet (in|through|with) (your|his|her|their|the|you|u)
    petrol~(through|on|over) (your|his|her|their|the) (\w+ )?(door|house|letterbox|car|office)
    you('ll| will| are going to|'re going to) (all )?(burn|die|bleed)
life-armed: knife gun machete axe
    come~with (a|my) (knife|gun|machete|axe)
life-visit: where
    (know|found out|find out|seen) where (you|she|he|they|your \w+) (all )?lives?
life-gas: gas
    smell\w*~gas|gas (leak\w*|escape|smell)|leaking gas
life-monoxide: monoxide
    carbon monoxide
life-fire: fire
    (house|flat|building|block|kitchen|home|shed|bins?|is|are) (\w+ )?on fire
    fire (exit|escape|door)s?~(block\w*|lock\w*|chain\w*|broken)
    (block\w*|lock\w*|chain\w*)~fire (exit|escape|door)s?
life-electric: wir electr spark water
    (live|bare|exposed) (electric\w* )?wir(e|es|ing)|electric(al)? shocks?|electrocut\w+
    water~(light fittings?|sockets?|fuse ?box|electrics)
    (socket|fuse ?box|light)s?~spark\w*
    spark\w*~(socket|fuse ?box|light)s?
life-collapse: collaps
    (about|going|gonna|could|danger of|starting) (to )?collaps\w+
life-falling: balcony ceiling roof wall chimney scaffold bridge
    (balcony|ceiling|roof|wall|chimney|scaffold\w*|bridge)~(about|going|gonna) to (come down|fall\w*|give way|cave in)
life-breath: breath unconscious unresponsive
    (not|can'?t|cannot|stopped|struggl\w+ to) breath\w*|unconscious
    unless breath a word

[contest]
contest-limit: restrict ban sanction spoc contact
    <dispute>~<limit>
    <limit>~<dispute>
    unless (parking|speed|weight|height|width|waiting|loading|traffic|turning|access|vehicle|road|entry|size|age|time)
        ~(restrict\w*|ban)
    unless (planning|tenancy|hosepipe|dog|bonfire|firework|smoking|covid) (\w+ )?(restrict\w*|ban)
contest-decision: restrict limit divert block
    decision~to (restrict|limit|divert|block) (my|me)
    (restrict\w*|limit\w*) (my|me) (contact|e-?mails?|right|access to)
contest-one: only
    only (write|e-?mail|contact|speak|talk) to (one|a single) (person|officer|address)
contest-label: vexatious persistent unreasonabl
    (label\w*|call\w*|brand\w*|class\w*|treat\w*|deem\w*|am|i'm)~<label>
    (vexatious|<conduct>) (policy|decision|label|register|list)
contest-register: register list
    (take|remove|taken|removed|get) (me|my name) (off|from) (the|your|this) (\w+ ){0,3}(register|list)
    unless (waiting|mailing|housing|electoral|distribution|shielding) (register|list)
contest-diverted: divert block
    (stop|why)~(divert\w*|block\w*) my (e-?mails?|contact|letters)

[new-complaint]
complaint-formal: complaint
    (formal|official|stage (1|one)|corporate) complaint
    unless (my|our|his|her|that|previous|earlier|last|old|closed) (\w+ )?(formal|official|stage (1|one)) complaint
    unless (not|n't)~(formal|official) complaint
complaint-made: complaint
    <raise> (\w+ ){0,2}(a|an|another|my) (\w+ ){0,2}complaint
    unless (not|n't|when i|after i|since i|i have already|i already)~<raise>
complaint-new: complaint
    (a new|another|a separate|a different|a fresh|second|this new) (\w+ )?complaint
complaint-treat: complaint
    (treat|take|accept|record|consider|log|register|regard) this~(as )?(a|my) (\w+ )?complaint
complaint-this: complaint
    this (\w+ )?is (a|my) (\w+ )?complaint
    unless (not|n't)~complaint
complaint-formally: complain
    (formally|officially) complain\w*|complain formally|wish to complain

[planning-representation]
planning-object: object opposed oppose against
    (object\w*|opposed?|against)~planning (application|permission|proposal)
planning-comment: planning
    planning~(objections?|representations?)
    (comments?|representations?|support\w*)~planning application
planning-number: object support comment represent
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

[benefits]
benefit-named: housing universal attendance
    housing benefit|universal credit|attendance allowance
benefit-council-tax: tax
    council tax (reduction|support|benefit)
benefit-hardship: discretionary hardship household dhp
    discretionary housing|dhp|hardship (fund|payment)|household support fund
benefit-stopped: benefit
    benefits? (claim|appeal|overpayment|payment|decision|award)
    (my|our|his|her) benefits?~(stopped|suspended|cut|sanction\w*|late)
    (stopped|suspended|cut) (my|our|his|her) benefits?
benefit-meals: meals
    free school meals?

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

[licensing]
licence-kind: licen
    (premises|alcohol|taxi|hackney carriage|private hire|street trading|gambling|hmo|entertainment) licen[cs]\w+
licence-driver: taxi private hackney
    (taxi|private hire|hackney) (\w+ )?(badge|plate|driver's licen[cs]\w+)
licence-process: licen
    licensing (application|objection|committee|act|hearing|review|representation|sub-?committee)
licence-hearing: licen
    licen[cs]e (application|renewal|review|hearing)
    (object\w*|representation\w*)~licen[cs]\w+
licence-event: temporary
    temporary event notice

[public-meeting]
meeting-statement: statement question speak speech address petition deputation submission
    (statement|questions?|speak|speech|address|petition|deputation|submission)~(to|at|for|before|by|in)~<meeting>
meeting-read: read
    read (it |this |my statement |the following )?(out|aloud)~<meeting>
    <meeting>~read (out|aloud)
meeting-public: public
    public (question time|questions|participation|speaking)
""")
