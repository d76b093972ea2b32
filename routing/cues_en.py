"""The cues in English for the rights of everybody: information, data, a school, a vote."""

from routing.cues import Cue, read_table

RIGHTS: tuple[Cue, ...] = read_table(r"""
<child> = (child|children|kids?|baby|babies|toddler|son|daughter|grandson|granddaughter|niece|nephew|boy|girl)
<adult> = (mum|mam|mother|dad|father|nan|gran|grandmother|grandad|grandfather|wife|husband|sister|brother|neighbour)
<mine> = (my|our|the|his|her|their)
<holds> = (hold|holds|held|have|has|got|keep|kept|stored?|wrote|written)
<papers> = (e-?mails?|correspondence|minutes|documents?|contracts?|invoices?|records|surveys?|inspection reports?)
<info> = (data|details|records?|information|files?|name|e-?mail|address|photos?|account)
<any> = (cop(y|ies)|see|everything|anything|all|any|what|data|information|e-?mails?|notes?|files?|records?)
<ask> = (send|provide|supply|disclose|release|request\w*|give|want|see|like|need|seek|sight|obtain|view|inspect)

[foi]
foi-named: freedom
    freedom of (info|information)
    unless (may|might|could|can|must|will) (\w+ ){0,4}(disclos\w+|released)~freedom of information
    unless subject to~freedom of information
foi-act: 2000
    2000 act|act (of )?2000
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
foi-between: correspondence mails emails papers documents minutes messages disclose publish release
    (all|any|every) (the |of the )?(<papers>|messages) (between|relating|concerning|exchanged|sent)
    (must|obliged to|duty to|required to) (disclose|publish|release)
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
eir-regulations: environmental
    environmental (information )?regulations?
eir-letters: eir
    eirs? (request|regulations|2004)
    (under|an) (the )?eirs?
eir-asked: pollution air noise water soil sewage flood bat tree ecolog asbestos
    <ask>~(pollution|air (quality|pollution)|noise|water quality|soil|sewage|flood( risk)?|bat|tree|ecolog\w+|
        asbestos) (\w+ )?
        (survey|data|readings?|results?|monitoring|assessment|report|records?|tests?|model\w*|measurements?|levels)

[subject-access]
sar-named: subject
    (data )?subject('s)? access
sar-letters: sar dsar
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
sar-held-me: hold holds held keep keeps kept
    (hold|holds|held|keeps|kept|stored?)~(about|on) me|keep (about|on) me
    unless keep (an )?(eye|your eyes|going|on at|hold|tabs|moving|ringing|calling)|(hold|holds) (it )?against
sar-my-file: files file records notes
    (see|cop(y|ies)|access|send|request\w*|obtain|provide)~my (\w+ ){1,2}(files?|records|case notes)
    unless (library|audio|log|music) (files?|records)
sar-data: personal
    (copy|copies|see|access|request\w*|send|provide|want|disclose)~(my|our) personal <info>
sar-file: copy copies access
    (copy|copies) of (all )?(of )?my~(data|records|files?|case notes)
    access (to )?my (data|records|files?)
sar-entitled: entitled
    entitled to (\w+ )?my (\w+ )?(data|records|file)
sar-article: article
    article 15
sar-name: name
    <any>~(with|has|have|had|bearing|containing|mention\w*|in which)~my name
    my name (on|in) (it|them)

[data-rights]
data-erasure: erasure erase
    right (to|of) erasure
    erasure (request|of)
    erase~(my|about me)~<info>
data-delete: delet
    delet\w*~(my|our) (\w+ )?<info>
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
data-act: data
    (under|by|breach of|against) (the )?data protection|data protection act
data-consented: consent permission
    (address|number|details|data|information|name|file|medical|passed|given|shared|disclosed)~without my (consent|
        permission)
data-gave: gave given passed told
    (gave|given|passed) (out )?my (home |personal |private )?(address|number|telephone number|details)~to
data-gdpr: gdpr
    (rights?|request|breach\w*|article|complain\w*|notice)~gdpr
    gdpr~(rights?|request|breach\w*|article)
data-automated: automated
    automated (decisions?|decision.making|processing)
data-erase-held: erase erasing delet destroy remov wipe
    (eras\w+|delet\w+|destroy\w*|remov\w+|wip\w+)~(personal|private) <info>
    (eras\w+|delet\w+|destroy\w*|remov\w+|wip\w+)~<info>~(on|about) me
data-object-shared: object stop consent
    (object\w*|stop|consent)~my (\w+ )?(data|details|information) (being |to be )?(shar\w+|us\w+|process\w*|sold|
        passed|kept|held)
    (stop|cease) (processing|sharing|using|selling) (it|them|my)
data-leaked-kind: sent disclosed shared leaked gave given passed told
    (sent|disclosed|shared|leaked|gave|given|passed|told)~my (personal|private) (\w+ )(information|data|details|history)
data-inaccurate: inaccurate wrong untrue false
    (file|records?|notes|account)~(says?|said|shows?|states?|claims?|has me|have me)~(wrong|untrue|false|inaccurate|
        never|not)
        ~(correct|rectify|amend|put right|change)
    (correct|rectify|amend) (my|the) (file|records?|notes)
data-restrict: article
    article (16|17|18|20|21|22)
data-false: record file notes
    (your |my |the )(records?|files?|notes) (have|has|say|says|show|shows|state|states|claim|claims).{0,80}\b
        (false|untrue|wrong|inaccurate|incorrect|not true|mistaken)

[send]
send-ehcp: ehc
    ehcps?|ehc (plan|needs|assessment)|ehcna
send-plan: education
    education,? health (and )?care plan
    education,? health and care
send-needs: special additional educational
    educational needs?|additional learning needs|special schools?
    special needs~(child\w*|schools?|son|daughter|pupils?|teacher|unit|provision|assessment|transport|autis\w+|class)
    (child\w*|schools?|son|daughter|lad|boy|girl|pupils?|autis\w+)~special needs
send-support: sen tribunal aln
    sencos?|sen (support|provision|tribunal|needs|team)|send tribunal|aln (plan|tribunal|support)
send-individual: individual
    individual (development|education) plan
send-one-to-one: one
    one.to.one (support|teaching|help|assistant|hours)|1.to.1 support
send-disabled: disabled autistic autism
    (disabled|autistic) (\w+ )?(child|son|daughter|lad|boy|girl|grandson)~(school|transport|taxi|support|assess\w*|
        class)
    autis\w+~(school|assessment|support at|plan|class|teacher)
send-therapy: speech psychologist learning
    speech and lang\w+ (therap\w+|needs|support)|educational psychologist|learning (difficult\w+|disabilit\w+)~(school|
        support|plan|child|son|daughter)
    send (team|officer|caseworker|casework|department|panel)

[elections]
vote-register: vote
    (regist|regest|rejist)\w* to vote
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
vote-how: vote
    (how|where|when) (am|do|can|will|are|should|is) (i|we|he|she|they) (\w+ ){0,2}(to )?vote
    (allowed|right|entitled|able|turned away) (\w+ )?(to )?vote
vote-papers: nomination candidate elector
    nomination (papers?|forms?|pack)|register of electors|overseas (voter|elector)
    (stand\w*|be) (as )?(a|an) (\w+ )?candidate
vote-missing: roll voters register voted anonymous
    (missing from|not on|left off|taken off|removed from|get on|back on)~(the )?(electoral|voters'?) (roll|register|
        list)
    (roll|list|register) of (voters|electors)|voted in my name|anonymous registration
vote-ballot: ballot
    (postal|spoilt|spoiled|lost|wrong|my|new|replacement) ballots?
    unless ballot box

[school-admissions]
school-place: school
    school (places?|admissions?|appeals?|allocation|application|transport)
    (appeal\w*|apply|applied)~school
school-named: place
    places? (at|in|for)~(primary|secondary|school|academy|infants?|juniors?|grammar)
    unless (park|meet\w*|market|taking|took|takes?) (a )?place
school-admission: admission transfer application
    admissions? (appeal|panel|team|form|authority)|in.year (school )?(admission|transfer|application)
school-start: reception primary secondary
    (reception|primary|secondary) (school )?(places?|application|offer)
school-exclusion: exclu
    exclu\w+ from (\w+ )?school|school~exclu(ded|sion)|permanent(ly)? exclu\w+
school-home: home
    (elective )?home (education|educating|schooling)
school-choice: choice preference offered
    (first|second|third) (choice|preference)~school|school~(first|second|third) (choice|preference)
    (offered|allocated|given|got) (\w+ ){0,3}(school|primary|academy|infants|juniors)
    unless offered (tea|cake|help|jobs?)
school-move: school schools
    (chang\w+|mov\w+|switch\w*|swap\w*) (of )?schools?|school (transfer|move)
school-expelled: expel suspend exclu
    (expel\w*|suspend\w*)~(school|head|teacher)|school~(expel\w*|suspended)
    (exclu\w+|expel\w*) <mine> (\w+ )?<child>
school-at-home: home
    educat\w+~at home|home.?school\w*
school-reception: reception nursery catchment waiting
    reception (class|year|intake)|nursery (place|application)|catchment (area )?(school|for)
    waiting list (for|at)~(school|primary|academy)|school waiting list
    unless reception (desk|area|staff|class fellow)|in reception
school-date: school
    (closing date|deadline|apply|applying|application)~(primary|secondary|infant|junior|high|new|grammar) school
school-place-at: place school schools
    places? at (st|saint) \w+|(need|find|want|looking for) (a |another |new )?(\w+ )?schools? (place )?for
""")
