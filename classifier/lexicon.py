"""Words that matter in a letter to a council, by what they do there: address, insult, threaten, report, apologise.

Each word has one class; where lists overlap, the earlier class wins. Words are written as the normaliser leaves them:
lower case, unaccented, ASCII. Words that only name a protected characteristic are IDENTITY and nothing else: the
featuriser masks them, so that no weight can attach to any one of them, and `why` never shows one.
"""

from enum import IntEnum
from types import MappingProxyType
from typing import Final


class WordClass(IntEnum):
    """What a word does. The values are part of the weights format: append, never renumber."""

    NONE = 0
    IDENTITY = 1
    YOU = 2
    ME = 3
    THIRD = 4
    ROLE = 5
    FUTURE = 6
    MYSELF = 7
    SLUR = 8
    VULGAR = 9
    INSULT = 10
    BELITTLING = 11
    ACCUSATION = 12
    SWEAR = 13
    MILD_SWEAR = 14
    VIOLENCE = 15
    WEAPON = 16
    BODY = 17
    HOME = 18
    WATCHING = 19
    SEXUAL = 20
    DEATH = 21
    WISH = 22
    CONTEMPT = 23
    COLLECTIVE = 24
    DISMISSAL = 25
    EXPULSION = 26
    REPORTING = 27
    APOLOGY = 28
    COURTESY = 29
    PROCESS = 30
    DISTRESS = 31
    THING = 32
    NEGATION = 33


_WORDS: Final = {
    WordClass.IDENTITY: """
        black blacks white whites brown asian asians african africans caribbean arab arabs jew jews jewish muslim
        muslims islam islamic hindu hindus sikh sikhs christian christians catholic catholics protestant buddhist
        buddhists atheist mormon quaker pagan rastafarian jain bahai humanist orthodox evangelical hasidic sunni shia
        ahmadi gypsy gypsies roma romany romani traveller travellers irish scottish welsh english british indian indians
        pakistani pakistanis bangladeshi bangladeshis chinese japanese polish pole poles romanian romanians bulgarian
        albanian albanians turkish kurdish kurd kurds somali somalis nigerian nigerians ghanaian ugandan kenyan
        zimbabwean eritrean sudanese ethiopian syrian syrians iraqi iranian afghan afghans ukrainian ukrainians russian
        russians lithuanian latvian estonian hungarian czech slovak portuguese spanish french german germans italian
        greek brazilian mexican filipino filipina vietnamese thai korean american european eastern tamil bengali
        punjabi gujarati kashmiri nepali nepalese sri lankan jamaican jamaicans bajan trinidadian latino latina latinx
        hispanic mediterranean maltese cypriot israeli palestinian palestinians egyptian moroccan algerian tunisian
        libyan yemeni saudi lebanese jordanian mongolian indonesian malaysian australian canadian
        immigrant immigrants migrant migrants refugee refugees asylum seeker seekers foreigner foreigners foreign
        stateless windrush ethnic minority minorities coloured bame mixed biracial race races racial
        gay gays lesbian lesbians bisexual bisexuals bi homosexual homosexuals heterosexual straight queer queers
        transgender trans transsexual transsexuals nonbinary binary genderfluid intersex asexual pansexual lgbt lgbtq
        lgbtqia polyamorous cisgender gender
        woman women female females lady ladies girl girls man men male males boy boys wives housewife feminist
        feminists pregnant maternity breastfeeding widow widowed widower divorced unmarried married spinster
        deaf blind disabled disability disabilities handicapped wheelchair autistic autism aspergers adhd dyslexic
        dyslexia dyspraxic epileptic epilepsy diabetic paralysed paralyzed paraplegic tetraplegic quadriplegic amputee
        schizophrenic schizophrenia bipolar depressed depression dementia alzheimers neurodivergent neurodiverse
        neurodiversity syndrome downs hiv cerebral palsy sclerosis stammer stutter mute sighted impaired dwarf dwarfism
        elderly pensioner pensioners young younger older old aged teenage teenager teenagers millennial millennials
        senior seniors middle muslimah hijab niqab burka burqa turban kippah mosque synagogue gurdwara temple church
        nonreligious religious nun priest imam rabbi taoist shinto zoroastrian""",
    WordClass.YOU: """
        you your you're youre u ur yourself yourselves yours you've youve you'll youll you'd youd yous youse ya ye thou
        ti chi dy di""",
    WordClass.FUTURE: "i'll we'll will gonna shall going gunna they'll he'll she'll coming come there'll ma'",
    WordClass.MYSELF: "myself ourselves",
    WordClass.ME: "i i'm im i've ive me my we our us mine i'd we're we've ours mi fi",
    WordClass.THIRD: """
        he she they him her them his their he's she's they're hes shes himself herself themselves theirs hers he'd
        she'd they'd""",
    WordClass.ROLE: """
        officer officers inspector inspectors councillor councillors cllr manager managers staff worker workers clerk
        clerks receptionist team department departments council mr mrs ms miss dr warden wardens assistant boss bosses
        director directors planner planners surveyor surveyors person people colleague colleagues employee employees
        caseworker bailiff bailiffs driver caretaker leader mayor office secretary sir madam civil servants""",
    WordClass.SLUR: """
        paki pakis nigger niggers nigga niggas chink chinks gook gooks spic kike kikes wog wogs coon coons gyppo gyppos
        pikey pikeys raghead ragheads towelhead towelheads faggot faggots fag fags poof poofs poofter tranny trannies
        shemale spastic spastics spaz spacker mong mongs retard retards retarded cripple cripples sambo darkie darkies
        yid yids subhuman subhumans subnormal libtard libtards batty golliwog untermensch goatfucker""",
    WordClass.VULGAR: """
        wanker wankers tosser tossers twat twats prick pricks dick dicks dickhead dickheads arsehole arseholes asshole
        assholes bastard bastards bellend bellends knobhead knobheads knob knobs cunt cunts bitch bitches slag slags
        slut sluts whore whores tart slapper fucker fuckers motherfucker motherfuckers shithead shitheads arsewipe
        arsewipes shits gobshite gobshites tosspot turd turds skank douchebag jackass dumbass dumbfuck fuckwit fuckwits
        shitbag shitbags scumbag scumbags nonce nonces perv pervert perverts paedo pedo git gits cocksucker wankstain
        fucktard arselicker cont bastad bastads coc cuck""",
    WordClass.INSULT: """
        idiot idiots moron morons muppet muppets prat prats pillock pillocks plonker plonkers numpty numpties clown
        clowns cretin cretins imbecile imbeciles dimwit dimwits halfwit halfwits nitwit nitwits dunce dunces wally
        wallies berk twit twits twerp nincompoop jobsworth jobsworths buffoon buffoons loser losers creep creeps weirdo
        cow hag witch toad troll trolls leech leeches maggot maggots parasite parasites scum vermin cockroach
        cockroaches lowlife lowlifes filth dross worm worms wretch airhead thicko thickos dope dipstick simpleton
        simpletons dunderhead blockhead donkey donkeys ape apes monkey monkeys scrote wazzock twonk freak freaks slob
        animals pigs swine weasel weasels snake snakes savages wimp wimps psycho nutter nutters fool fools lunatic
        lunatics tramp pond dogsbody halfwitted twpsyn diawl mochyn llo hurtyn penbwl sgym""",
    WordClass.BELITTLING: """
        stupid thick dumb pathetic useless incompetent lazy vile disgusting ugly worthless pitiful contemptible gormless
        brainless spineless gutless clueless inept miserable nasty evil ignorant arrogant dim dense feeble insignificant
        repulsive repugnant revolting odious fat idle inbred braindead mindless senile daft dopey dozy moronic
        imbecilic smarmy snivelling sniveling snotty slimy scrawny greasy smelly stinking jumped inadequate bloated
        cowardly vindictive spiteful bitter hideous obese sad wretched deluded deranged demented insane gwirion twp
        hyll diwerth idiotic foolish ridiculous silly""",
    WordClass.ACCUSATION: """
        liar liars lying lied lies crook crooks crooked corrupt corruption thief thieves thieving bully bullies bullying
        coward cowards disgrace disgraceful shame shambles joke hypocrite hypocrites fraud dishonest negligent
        negligence ashamed appalling outrageous shameful incompetence cowboy cowboys unacceptable""",
    WordClass.SWEAR: """
        fuck fucking fucked fuckin fcking fckng fck fuk fuking fukin fecking effing shit shitty shite bullshit piss
        pissed pissing bollocks arse ass crap crappy wtf motherfucking goddamn cock minge ffycin ffyc ffwcio cachu""",
    WordClass.MILD_SWEAR: "bloody damn damned dammit hell blimey sodding flipping blasted bleeding heck ruddy uffern",
    WordClass.VIOLENCE: """
        kill killing killed kills stab stabbed stabbing shoot shot shooting burn burned burnt burning smash punch
        punched batter strangle slit hurt break beat bash kick slap knock hang throttle murder murdered torch slash
        rape raped hit attack attacked destroy snap bury deck thump choke wring rip chop execute lynch crush smack
        strangled beating slice skin set run ladda lladd""",
    WordClass.WEAPON: """
        knife knives gun guns crowbar petrol acid hammer machete shotgun rifle axe bullet bullets brick bricks bomb
        bombs blade razor noose pitchfork bat baseball matches gasoline explosive weapon sword grenade""",
    WordClass.BODY: """
        face head throat neck skull legs teeth jaw fingers bones kneecaps knees eyes guts nose arms ribs mouth hands
        body windows""",
    WordClass.HOME: """
        house home kids children wife daughter daughters son sons family husband live lives car address mum mother dad
        father brother sister partner boyfriend girlfriend school nursery doorstep door garden baby flat""",
    WordClass.WATCHING: """
        watching watched watch follow followed following waiting wait outside photo photos photograph photographs
        picture pictures saw seen spotted find found parked stalking sat know knows careful regret remember sleep""",
    WordClass.SEXUAL: """
        knickers bra naked nude nudes sexy tits boobs breasts panties lingerie lips kiss kissing cuddle bed suck blowjob
        wank horny sex shag shagging gorgeous darling sweetheart stockings underwear beautiful pretty babe cutie fancy
        pussy penis flirt""",
    WordClass.DEATH: """
        die dead death rot grave funeral coffin drown drowned gassed hanged cancer suffer hanging corpse buried dying
        accident accidents ambulance hospital""",
    WordClass.WISH: "hope wish deserve deserves pray wants want ought should need needs must",
    WordClass.CONTEMPT: """
        brain brains braincell braincells iq intelligence intellect intelligent gcse crayon crayons lobotomy monkeys
        zoo toddler parents oxygen waste skin evolved evolution gene village clever bright slowly charity read spell
        dress furniture puppets pulse boot dirt backside bless dear embarrassment disappointed adults count
        barrel stone pea worth""",
    WordClass.COLLECTIVE: "lot bunch shower pack gang crew load every all sort kind breed types likes everyone each",
    WordClass.DISMISSAL: "off shove stick sod bugger naff crawl jump shut stuff cer get go drop",
    WordClass.EXPULSION: """
        deport deported deporting deportation expelled exterminate exterminated eradicate gas cleanse cleansed cleansing
        invasion invaded invading overrun infest infested infesting sterilised sterilized castrated back country out
        filthy disease abomination terrorists terrorist inferior breed breeding scroungers spongers jungle banned""",
    WordClass.REPORTING: """
        called calling calls shouted shouting screamed screams screaming yelled yelling said says told telling
        threatened threatening threatens spat quoted wrote claimed claims chanted hurled sprayed heard reported reads
        alleged sneered""",
    WordClass.APOLOGY: "sorry apologise apologised apologies apology apologising regrets ymddiheuro",
    WordClass.COURTESY: "thanks thank grateful please kindly appreciate cheers regards sincerely diolch pls helpful",
    WordClass.PROCESS: """
        ombudsman court solicitor solicitors tribunal proceedings legal sue judicial foi freedom information subject
        access complaint complain formal election vote voters press newspaper mp request regulations act statutory
        review appeal object objection claim refund evidence""",
    WordClass.DISTRESS: """
        frightened scared afraid desperate begging suicidal crying alone cope worried anxious anxiety terrified
        homeless evicted evict hungry starving exhausted struggling refuge help""",
    WordClass.THING: """
        service website app policy decision system process form letter road bin bins light lights pavement machine phone
        line queue traffic rule rules response reply answer plan plans scheme idea place street bus lift heating repair
        repairs parking tax bill hedge tree pothole email office building consultation junction damp rent house""",
    WordClass.NEGATION: "not never didn't don't isn't no nobody nor without can't won't wasn't wouldn't haven't cannot",
}


def _by_word() -> dict[str, WordClass]:
    classes: dict[str, WordClass] = {}
    for word_class, words in _WORDS.items():
        for word in words.split():
            classes.setdefault(word, word_class)
    return classes


CLASS_OF_WORD: Final = MappingProxyType(_by_word())
HOSTILE: Final = frozenset(
    {
        *(WordClass.SLUR, WordClass.VULGAR, WordClass.INSULT, WordClass.BELITTLING, WordClass.SWEAR),
        *(WordClass.VIOLENCE, WordClass.WEAPON, WordClass.SEXUAL, WordClass.DEATH, WordClass.CONTEMPT),
        *(WordClass.DISMISSAL, WordClass.EXPULSION, WordClass.ACCUSATION),
    }
)
"""Classes of words that may be hate where they stand beside who somebody is."""

OFFENSIVE: Final = frozenset({WordClass.SLUR, WordClass.VULGAR, WordClass.INSULT, WordClass.SWEAR})
STARRED: Final = tuple(
    word
    for wanted in (WordClass.SWEAR, WordClass.VULGAR, WordClass.SLUR)
    for word, kind in CLASS_OF_WORD.items()
    if kind is wanted
)
"""Words people write with stars in them, the commonest first."""
