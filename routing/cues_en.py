"""The cues in English for the rights of everybody: information, safety from harm, a home, a school, a vote."""

from routing.cues import Cue, read_table

RIGHTS: tuple[Cue, ...] = read_table(r"""
<child> = (child|children|kids?|baby|babies|toddler|son|daughter|grandson|granddaughter|niece|nephew|boy|girl)
<adult> = (mum|mam|mother|dad|father|nan|gran|grandmother|grandad|grandfather|wife|husband|sister|brother|neighbour)
<kin> = (<child>|<adult>|partner|boyfriend|girlfriend|ex|carers?|he|she|they)
<whose> = (the|her|his|their|my|our|those|your)
<mine> = (my|our|the|his|her|their)
<holds> = (hold|holds|held|have|has|got|keep|kept|stored?|wrote|written)
<papers> = (e-?mails?|correspondence|minutes|documents?|contracts?|invoices?|records|surveys?|inspection reports?)
<info> = (data|details|records?|information|files?|name|e-?mail|address|photos?|account)
<any> = (cop(y|ies)|see|everything|anything|all|any|what|data|information|e-?mails?|notes?|files?|records?)
<ask> = (send|provide|supply|disclose|release|request\w*|give|want|see|like|need)

[foi]
foi-named: freedom
    freedom of (info|information)
    unless (may|might|could|can|must|will) (\w+ ){0,4}(disclos\w+|released)~freedom of information
    unless subject to~freedom of information
foi-act: 2000
    2000 act|act 2000
foi-right: information
    (right (to|of)|freedom) (the |public )?information
foi-letters: foi
    foia?
    unless subject to~foia?
foi-dotted: f.o.i f-o-i
    f[.-]o[.-]i
foi-site: whatdotheyknow
    whatdotheyknow\w*
foi-recorded: recorded
    recorded information~(hold|held)
    (hold|held)~recorded information
foi-copies: copies copy
    <ask>~cop(y|ies) of (all|any|every)~<papers>
foi-disclose: disclose
    disclose (all|any|the)~(documents?|information|papers|correspondence|contracts?|figures)
foi-request: information
    information request
    request for (the following |public )?information
foi-held: information
    (all|any|following) (the )?information (that )?(you|the council) <holds>

[eir]
eir-named: environmental
    environmental information
eir-letters: eir
    eirs? (request|regulations|2004)
    (under|an) (the )?eirs?

[subject-access]
sar-named: subject
    (data )?subject('s)? access
sar-letters: sar
    dsar
    sar request
    sar\W{1,3}(please|for|under|i)
    (a|an|my|this|make|submit\w*) sar
sar-held: about concerning relating
    <any>~<holds>~(about|concerning|relating to) me
sar-held-on: hold held kept store
    <any>~<holds>~on me
sar-got: everything anything
    (everything|anything)~(got|keep|have)~on me
sar-mentions: mention
    (e-?mails?|documents?|records?|information|correspondence)~mention\w* (me|my name)
sar-data: personal
    (copy|copies|see|access|request\w*|send|provide|want|disclose)~(my|our) personal <info>
sar-file: copy copies access
    (copy|copies) of (all )?(of )?my~(data|records|files?|case notes)
    access (to )?my (data|records|files?)
sar-entitled: entitled
    entitled to (\w+ )?my (\w+ )?(data|records|file)
sar-article: article
    article 15

[data-rights]
data-erasure: erasure erase
    right (to|of) erasure
    erasure (request|of)
    erase~(my|about me)~<info>
data-delete: delet
    delet\w+~(my|our) (\w+ )?<info>
    delet\w+~<info>~(about|on) me
data-remove: remov wipe
    (remov\w+|wipe)~my (\w+ )?(data|details|records?|information)
data-removed: data details
    my (\w+ )?(data|details) (\w+ ){0,2}(deleted|removed|erased|destroyed)
data-wrong: wrong incorrect inaccurate
    (date of birth|name|address|details|information|notes?)~(on|in) my (file|records?|account)
        ~(wrong|incorrect|inaccurate)
    (wrong|incorrect|inaccurate)~(on|in) my (file|records?)
data-unlawful: process
    process\w*~my (\w+ )?(data|information|details)
data-forgotten: forgotten
    right to be forgotten
data-rectify: rectif
    right (to|of) rectification
    rectif\w+~(personal|my|inaccurate|about me)~<info>
data-correct: correct
    correct(ed|ing)?~(my|inaccurate|wrong|incorrect) (\w+ )?(data|details|records?|file)
data-object: process using sharing
    (object\w*|stop|cease|restrict\w*|consent)~(process\w*|using|sharing)
        ~(my|our|personal) (\w+ )?(data|details|information)
data-consent: consent
    withdraw\w*~consent~(<info>|process\w*)
data-breach: data
    data (protection )?breach
    data protection (request|rights?|complaint|officer)
    data portability
data-leaked: sent disclosed shared leaked gave given passed
    (sent|disclosed|shared|leaked|gave|given|passed)~my (personal|private) (information|data|details)
data-gdpr: gdpr
    (rights?|request|breach\w*|article|complain\w*|notice)~gdpr
    gdpr~(rights?|request|breach\w*|article)
data-automated: automated
    automated (decisions?|decision.making|processing)

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
hurts-heard: hear heard saw seen
    (hear|heard|saw|seen)~(hitting|beating|slapping|kicking|hurting) (him|her|them)
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
adult-unseen: seen eating eaten wander
    (<adult>|elderly (man|lady|woman)|old (man|lady|woman))
        ~(not been seen|hasn't been seen|not eating|hasn't eaten|not eaten|wandering)
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

[send]
send-ehcp: ehc
    ehcps?|ehc (plan|needs|assessment)|ehcna
send-plan: education
    education,? health (and )?care plan
    education,? health and care
send-needs: special additional
    special (educational )?needs?|additional learning needs|special school
send-support: sen tribunal aln
    sencos?|sen (support|provision|tribunal|needs|team)|send tribunal|aln (plan|tribunal|support)
send-individual: individual
    individual (development|education) plan

[elections]
vote-register: vote
    regist(er|ered|ering|ration) to vote
    (postal|proxy|absent) votes?
    (unable to|can't|cannot|couldn't) vote
vote-roll: electoral
    electoral (roll|register|registration|services|officer)
vote-polling: poll returning ballot
    polling (station|card|place|day)|poll cards?|returning officer|ballot papers?
vote-id: voter
    voter (id|identification|registration|authority certificate)
vote-standing: election
    election (agent|expenses|petition)
    (stand\w*|nominat\w+|candidate)~(by-)?election

[school-admissions]
school-place: school
    school (places?|admissions?|appeals?|allocation|application|transport)
    (appeal\w*|apply|applied)~school
school-named: place
    place (at|in) (\w+ ){1,4}(primary|secondary|school|academy|infants?|juniors?)
school-admission: admission transfer application
    admissions? (appeal|panel|team|form|authority)|in.year (admission|transfer|application)
school-start: reception primary secondary
    (reception|primary|secondary) (school )?(places?|application|offer)
school-exclusion: exclu
    exclu\w+ from (\w+ )?school|school~exclu(ded|sion)|permanent(ly)? exclu\w+
school-home: home
    (elective )?home (education|educating|schooling)
""")
