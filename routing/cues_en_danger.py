"""The cues in English for danger to somebody: to life, and to a child or an adult at risk."""

from routing.cues import Cue, read_table

DANGER: tuple[Cue, ...] = read_table(r"""
<child> = (child|children|kids?|baby|babies|toddler|twins|little ones?|bairns?|son|daughter|lad|grandson|granddaughter|
        niece|nephew|boy|girl|teenager|schoolgirl|schoolboy)
<adult> = (mum|mam|mother|dad|father|nan|gran|grandmother|grandad|grandfather|wife|husband|sister|brother|neighbour)
<kin> = (<child>|<adult>|partner|boyfriend|girlfriend|ex|carers?|he|she|they)
<whose> = (the|her|his|their|my|our|those|your)

[risk-to-life]
life-suicide: suicid
    suicid\w+
    unless (political|career|financial) suicide|suicid\w+ prevention
<me> = (my ?sel(f|ves|v)|mysen|mesel[fn]?|me ?self)
life-myself: self myself himself herself yourself mysen meself mesel mesen killmyself kill hurt harm kms
    (kill|hurt|harm|cut|hang|drown|shoot|poison)(ing)? (my|him|her|your) ?self
    (kill|hurt|harm|cut|hang|drown|shoot|poison|top|off)(ing|ping)? <me>|killmyself
    (do|doing|done) <me> in
    (will|gonna|going to|wanna|want to|just) kms
life-cut-myself: cut cutting slit
    (cut|cutting|slit) (my|me) (own )?(arms?|wrists?|legs?) (again|because|open|up|last night|today|tonight)
life-found: find finds found
    (find|finds|found) (me|my body) (dead|hanging|hung|swinging|cold|in the (river|sea|canal|bath))
life-not-here: here
    (won'?t|will not|wont|not gonna|not going to) be here (any ?more|much longer|no more|for long)
    by (mon|tues|wednes|thurs|fri|satur|sun)day i (won'?t|wont|will not|shan'?t) be here
    unless (mov(e|ed|ing)|work\w*|office|holiday|retir\w*|job|lease|tenancy)
life-nothing-left: nothing
    nothing (is )?left (for me|to live for)|nothing (left )?to live for
    unless left for me to (\w+)
life-farewell: goodbye bye look
    (goodbye|good bye|bye)~look after (my|the|our) (\w+ )?(dog|cat|pets?|kids|children|bairns|mum|mam|dad|wife|husband)
    look after (my|the|our) (\w+ )?(dog|cat|pets?|kids|children|bairns|mum|mam|dad) (when|once|after) i'?m gone
    self.?harm\w*
life-end: end taking take
    end(ing)? (it all|my (own )?life|my days)
    tak(e|ing) my (own )?life
    (going to|gonna) end it
life-unwanted: want wanna
    (don'?t|do not|no longer|didn'?t|not) (\w+ )?want to (live|be here( any ?more)?|be alive|wake up|exist)
    unless want to (live|be here) (next|near|in|at|on|with|among)
    wanna (die|be dead)
    want(s|ed)? to (die|be dead|kill (him|her|them)sel\w+|end (it|my|his|her|their))
life-unmissed: miss notice care ready
    (nobody|no one|no-one|noone) (would|will) (miss me|(notice|care|miss me) if i (went|was|were|am|died|did|die|
        jump\w*|disappear\w*))
    (pills|tablets|rope) (is |are )?ready
life-better-off: better
    better off (dead|without me|if i (wasn'?t|was not|weren'?t|were not|was gone|went|left|was dead|died|am not|
        disappeared))
life-no-reason: reason point
    (no|any) (reason (left )?to live|reason for living|point (in |to |of )?(living|being alive))
life-cannot: can't cannot cant
    i (really |just )?(can'?t|cannot) (go on|carry on|face) (any ?more|any longer|living|another day|with life|no more)
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
life-armed: knife gun machete axe bat hammer crowbar sword blade
    (com(e|ing)|turn\w* up|be there|down there)~with (a|an|my) (\w+ )?(knife|gun|machete|axe|bat|hammer|crowbar|sword|
        blade)
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
life-as-well: end
    (might|may|just|should|want to|ready to|rather|better) (as well )?(just )?end it( all)?
    unless (contract|tenancy|subscription|meeting|lease|agreement)
life-goodbye: notes note letters goodbye goodbyes funeral affairs
    (written|wrote|left|leaving|writing) (the |my |a |some )?(notes?|letters?) (to|for) (my|the|our) (\w+ )?
        (family|kids|children|son|daughter|mum|mam|mother|dad|wife|husband|partner)
    suicide notes?|said (my )?goodbyes?|goodbye (cruel )?world
    (planned|sorted|paid for|put) (out )?(my|own) (own )?(funeral|affairs)
life-gone: around alive time
    (won'?t|will not|shan'?t|don'?t think i'?ll|not going to|may not) be (around|alive)
    unless around (on|at|until|till|between|when) (mon|tues|wednes|thurs|fri|satur|sun|the|\d)
    by the time (you|anybody|anyone|they|somebody) (\w+ )?(reads?|gets?|sees?|finds?) (this|me)
life-tired: tired sick hate
    (tired|sick) of (living|being alive|life)|hate my (own )?life
life-jump: jump
    jump(ing|ed)? (off|from|out of|in front of|under) (\w+ ){0,3}
        (bridge|roof|building|trains?|car park|window|cliff|balcony|flats|buse?s?|lorry|pier)
    unless (kids?|lads|boys|youths|children|dog)
life-somebody: somebody someone
    (somebody|someone|one of you|some of you) (\w+ ){0,4}(gets?|getting|get|be|going to be) (cut|hurt|stabbed|shot|
        killed|burnt|burned)
    unless (before|until|till|unless|in case|or) (somebody|someone)
life-hanging: balcony ceiling roof wall chimney scaffold bridge cladding
    (balcony|chimney|scaffold\w*|cladding|ceiling)~(hanging|coming|come|came|working) (off|loose|down|away)
    (balcony|ceiling|roof|wall|chimney|scaffold\w*|bridge|cladding)~(will|could|might|may) (fall|collapse|come down)
life-water: sea river canal traffic lake train
    (shall|will|going to|might|want to|gonna|could|'ll) (\w+ )?(walk|drive|throw myself|jump|swim) (\w+ )?
        (into|in|in front of|under) (the |a )?(sea|river|canal|lake|traffic|train)
life-conscience: blood death
    (my|her|his|our|their) (blood|death|deaths)~(your (hands|conscience|heads?)|on you)
life-kept-ready: axe bat knife gun machete hammer use using
    (keep|got|have|keeping|sharpen\w*) (a|an|my|the) (\w+ )?(axe|bat|knife|gun|machete|hammer)~(behind|ready|waiting|
        by the|under|for (you|him|her|them))
    (use|using) (it|this|that) on (you|your|the|him|her|them|whoever|anyone|anybody|somebody|someone)
life-veiled: watch know sleep
    watch your backs?|sleep with one eye
    (know|found out|seen) where (you|she|he|they|your \w+) (all )?(parks?|drinks?|goes|go to school|sleeps?)
life-razor: razor blade wrists noose
    (slit|cut|slash)\w* (my|his|her|their) wrists?|noose|(with|has|got) a razor~(die|bathroom|wrists?|herself|himself)
life-bridge: bridge ledge roof railway cliff tracks edge
    (standing|stood|sat|sitting|stand) on (the|a) (\w+ )?(bridge|ledge|roof|edge|cliff|tracks|railway line)~(again|
        jump|nobody|no one|over|end|think\w*)
    on (the|a) (\w+ )?(bridge|ledge|roof|cliff|tracks) again
life-harm: skull face teeth legs head kneecaps neck arms
    (put|shove|smash|bash|cave|kick|punch|break|knock) (\w+ ){0,3}(through|in|into|out of)? ?(your|his|her|
        their) (\w+ )?(skull|head|face|teeth|legs|kneecaps|neck|arms)( in)?
    unless (ball|branch|bins?|door|swing|light|glare)
life-burn-down: burn
    burn (your|the|his|her|their|it|this|that) (\w+ ){0,2}(down|to the ground)
    unless (calories|rubbish|waste|wood)

[safeguarding]
safeguarding-named: safeguarding
    safeguarding
    unless safeguarding (training|course|policy|certificate)
    unless safeguarding (the |our )?(environment|heritage|future|jobs|trees|land)
child-danger: danger risk unsafe safe neglect
    <child>~(in danger|at risk|unsafe|not safe|being neglected|is neglected|are neglected)
    unless traffic|roads?|cars?|speed\w*|cross\w*|pavements?|parking|playground|play area|park
child-alone: alone left home
    <child>~(left|home) (alone|on their own|on (his|her) own|by themselves|unattended)
child-filthy: filthy hungry starving
    <child>~(filthy|hungry|starving)
child-locked: locked
    lock(s|ed|ing)~<child>~(in|inside|cupboard|cellar|shed)
hurts-somebody: hit beat slap hurt strangl abus molest groom starv chok punch kick smack scream
    (hit|hits|hitting|beat|beats|beating|slaps?|slapping|hurts?|hurting|strangl\w+|abus(es|ing)|molest\w*|
        groom(s|ed|ing)|starv\w+|chok\w+|punch\w*|kick\w*|smack\w*|scream(s|ing) at) (up )?
        <whose>( (little|own|poor|young|old|elderly|two|three))* (<child>|<adult>)
    unless seagulls?|gulls?|balls?|branch|birds?|hits? musical
hurts-heard: hear heard saw seen
    (hear|heard|saw|seen)~(hitting|beating|slapping|kicking|hurting) (him|her|them)
hurts-them: hits beats batter thump knocks slaps punches strangl kicks
    (he|she|they|dad|mum|mam|father|mother|husband|wife|boyfriend|stepdad|partner|son|carer) (\w+ )?
        (hits|beats|batters|battered|thumps|slaps|punches|strangles|kicks) (her|him|them|me|us|the)
    (batter|thump|knock)\w* (her|him|them|me|us) (about|around|up|every)
    unless (seagulls?|gulls?|ball|birds?|branch|goalkeeper|team|drum)
marks: marks burns handprint
    (marks|burns|cuts|handprints?) (on|all over) (his|her|their) (\w+ )?(arms?|legs?|neck|face|back|wrists?|body)
    cigarette burns
conned: scam conned conning scammers
    (scam\w*|conned|conning|fleec\w+)~<whose> (\w+ )?<adult>
hurts-threat: threat
    threat\w*~(take|taking|hurt|harm)~(children|kids|son|daughter|baby|her|him|me|us)
touches: touch
    (uncle|stepdad|stepfather|dad|father|brother|teacher|grandad|coach)~touch(es|ed|ing) (him|her|me|them|my)
being-hurt: being getting
    <kin>~(being|getting) (hurt|hit|beaten|abused|harmed|starved|groomed|exploited)
hurts-me: hit beat punch strangl threaten hurt
    <kin> (\w+ ){0,2}(hits?|hitting|beats?|beating|punch\w+|strangl\w+|threaten\w*|hurts|hurting) (me|us)
afraid-of: scared afraid frightened
    (scared|afraid|frightened) of (my|her|his) (husband|wife|partner|boyfriend|girlfriend|ex|dad|father|son|carer)
child-bruised: bruis
    <kin>~bruis\w+
    bruis\w+~<kin>
child-protection: child
    child (protection|abuse|exploitation|neglect)
    child sexual \w+
abuse-named: domestic sexual
    domestic (abuse|violence)
    sexual(ly)? (abus\w+|assault\w*)
slavery: slavery trafficked lines marriage
    modern slavery|being trafficked|county lines|forced marriage
adult-risk: vulnerable risk
    vulnerable adults?|adults? at risk
    vulnerable~(in danger|exploit\w+|being abused)
adult-neglect: neglect
    self.neglect\w*
    neglect\w*~(carers?|care home)
    (carers?|care home)~neglect\w*
adult-theft: steal stole carer
    carers?~(steal\w*|stole\w*|(taking|takes|took|taken)~money)
    (steal\w*|stole)~from (my|her|his|the) (\w+ )?<adult>
adult-lost: dementia
    dementia~(wander\w*|lost|alone|outside|road|street)
adult-unseen: seen eating eaten wander know
    (<adult>|(elderly|old) (man|lady|woman|gentleman|person|couple|neighbour|chap))
        ~(not been seen|hasn't been seen|not eating|hasn't eaten|not eaten|wandering|not know (what|where|who))
adult-uncared: carer
    carers?~(not|\w+n't|never|stopped)~(turn\w*|come|came|coming|show\w*|visit\w*)
adult-mess: lying sitting
    (lying|sitting|left) in (his|her|their|my) (own )?(mess|urine|faeces|soiled \w+|wet \w+)
coercion: controls money leave allowed
    controls (all )?(my|her|his) money
    (won't let|doesn't let|does not let|not allowed?)~(me |her |him )?(to )?
        (leave the house|go out|out of the house|see anyone)
    unless (dog|cat)
exploitation: older taken cuckoo
    older (men|man)~(flat|car|girls?)|(girls?|teenage\w*)~older (men|man)
    taken over (his|her|their|my neighbour's) (flat|home|house)|cuckoo(ed|ing)
care-act: care
    care act|care needs assessment|carer'?s'? assessment
child-crying: scream cry
    <child>~(scream\w*|cry(ing)?) (\w+ ){0,3}(for hours|hours|all night|every night|constantly|non.?stop|in pain)
    (hear|heard)~<child>~(scream\w*|crying)
    unless swings|play(ing|ground)|football|school|pool
child-by-itself: alone own themselves himself herself
    <child>~(alone|on (his|her|their|its) own|by (himself|herself|themselves|itself))~
        (night|all day|overnight|for hours|in the (house|flat)|indoors|upstairs|weekend)
child-sleeps: sleep shed garage outside cellar floor
    (make|makes|made|making|forc\w+) (him|her|them|me|<whose> (\w+ )?<child>) (to )?(sleep|stay|live|eat)~
        (shed|garage|floor|outside|outdoors|cellar|garden|attic|dark|cupboard)
child-unfed: food fed eat
    <child>~(no food|not (been )?fed|nothing to eat|begging for food|stealing food|eat from the bins?)
parent-drunk: drunk drugs face passed heroin drinking
    (mum|mam|mother|dad|father|parents?|carer|stepdad)~(drunk|on drugs|taking drugs|off (her|his|their) (face|head)|
        passed out|heroin|drinking all day)
black-eye: black
    black eyes?
images: naked nude indecent
    (naked|nude|indecent)~(photos?|pictures?|images?|videos?)
    (photos?|pictures?|images?|videos?)~(naked|nude|indecent)
savings-gone: bank savings pension
    (empt\w+|clear\w+|drain\w*|tak\w+|took|us(ing|es)) (out )?(her|his|their|my (\w+ )?<adult>'?s?) (\w+ )?(bank|
        savings|pension)
adult-rough: carer
    carers?~(shout\w*|rough|pushes|pushed|hits?|slaps?|drops?|dropped|swears?)~(her|him|them|my|mum|mam|dad|nan)
adult-abroad: seen
    not seen (<whose> )?(\w+ )?(neighbour|<adult>|old (man|lady|woman)|him|her)~(days|weeks|week)
afraid-of-them: scared afraid frightened terrified
    (terrified|frightened|scared|afraid) of (him|her|them|what (he|she|they))
    unless dogs?|cats?|seagulls?|wasps?
harmful-practice: fgm genital honour radicalis
    fgm|genital mutilation|honour.based|radicalis\w+
""")
