"""The cues in Welsh. Words change at the front (cwyn, gwyn, chwyn) and patterns allow for it."""

from routing.cues import Cue, read_table

WELSH: tuple[Cue, ...] = read_table(r"""
<child> = (mhlentyn|phlentyn|plentyn|blentyn|mhlant|phlant|plant|blant|babi|fabi|baban|merch|ferch|mab|fab|bachgen|
        fachgen|
        hogan|hogyn|hwyres|hŵyr|ŵyr)
<data> = (data|ddata|nata|manylion|fanylion|n?gwybodaeth|wybodaeth|cofnodion|nghofnodion|ffeil)
<limit> = ((cyfyng|gyfyng|chyfyng)iad(au)?|gwaharddiad|waharddiad|(c|g|ch)yfyngu (ar )?fy (n?ghyswllt|e-?byst|e-?bost|
        llythyrau)|
        (un |pwynt )?b?pwynt cyswllt)
<dispute> = (apelio|apêl|herio|gwrthwynebu|wrthwynebu|adolygu|adolygiad|annheg|codi|dileu|anghytuno|
        ddim yn derbyn|nid wyf yn derbyn|anghyfiawn|anghyfreithlon|codwch|dilëwch|gwrthod|wrthod)
<object> = ((g?wrthwyneb)(u|iad|iadau|af|wn)|sylwadau|cefnogi|gefnogi|yn erbyn|o blaid)

[risk-to-life]
cy-life-suicide: hunanladdiad hunan
    hunanladdiad|hunan.?(niwed|niweidio|anafu)
cy-life-kill: lladd ladd
    l?ladd (fy|dy|ei) hun(an)?
    (mi |fe )?(wna i|wnaf i|dw i'n mynd i|rwy'n mynd i|rydw i am|byddaf yn|bydda i'n) (eich |eu |dy |ei |dy )?l?ladd
cy-life-live: byw eisiau isio
    (ddim|dim|nid) (yn )?(eisiau|isio|moyn) bod yma
    (ddim|dim|nid|ddim yn) (eisiau|isio|moyn|am) byw|dim rheswm (i|dros) (fyw|byw)
cy-life-die: marw farw
    (eisiau|isio|isho|moyn|dymuno|hoffwn( i)?) (marw|farw)
cy-life-self: crogi grogi boddi foddi saethu drywanu
    (crogi|grogi|boddi|foddi|saethu|drywanu) (fy|ei) hun(an)?
cy-life-no-point: pwynt bwynt
    (dim|unrhyw) (pwynt|bwynt) (i |mewn )?(byw|fyw|bywyd)
cy-life-not-here: yma
    (fydda|fyddaf)( i)? ddim yma (erbyn|bellach|mwyach|rhagor|mwy|llawer|lawer|yn hir)
    unless gwyliau|wyliau|swyddfa|symud|gwaith
cy-life-gas: nwy
    (arogl|ogla|oglau|drewi|gwynto|gollyngiad|ollyngiad)~nwy|nwy~(gollwng|yn gollwng)
cy-life-fire: dân
    ar dân|(tŷ|fflat|adeilad)~ar dân
cy-life-danger: bywyd
    (perygl|bygwth|bygythiad)~(i|fy|ei|ein|eu) (m?bywyd|fywyd)
cy-life-weapon: gyllell chyllell gwn dryll
    (gyda|â|efo) (c|g|ch)yllell|(gyda|efo|â) (gwn|dryll)
cy-life-kill-you: lladd ladd
    l?ladd (un ohonoch|chi|chdi|nhw|rhywun|pob un|pawb|fy ngwraig|fy ngŵr)
    unless sŵn|gwres
cy-life-end: mywyd fywyd ymlaen
    (diweddu|rhoi diwedd ar|terfynu|cymryd|gymryd) fy mywyd
    (methu|ddim yn gallu|alla i ddim|ni allaf) (â )?(mynd|dal|cario) ymlaen
    unless (gyda'r|efo'r|ar y) (gwaith|cais|prosiect)
cy-life-tablets: tabledi dabledi
    (cymryd|gymryd|llyncu|lyncu|paratoi'r|wedi paratoi|llond) (\w+ ){0,2}(t|d|th)abledi
    unless meddyg|fferyllydd|bob (dydd|bore|nos)
cy-life-electric: gwreichion wreichion wifren gwifren trydan
    g?wreichion\w*~(dŵr|soced|golau|gegin|wal)|g?wifr(en|au)~(gwreichion\w*|noeth|dŵr)|sioc drydan\w*
cy-life-falling: fin
    ar fin (cwympo|syrthio|disgyn|dymchwel)

[contest]
cy-contest-limit: cyfyng gyfyng chyfyng gwahard wahard pwynt
    <dispute>~<limit>
    <limit>~<dispute>
    unless parcio|cyflymder|traffig
cy-contest-decision: benderfyniad penderfyniad
    (apelio|apêl|herio|adolygu|adolygiad|derbyn)~(p|b|ph)enderfyniad~(cyswllt|nghyswllt|e-?byst|cyfyngu|gyfyngu|
        un swyddog)
cy-contest-unreasonable: afresymol
    (c|g|ch)(ofrestr|wsmer\w*|wynwyr|wynydd) (\w+ )?afresymol

[new-complaint]
cy-complaint-formal: cwyn gwyn chwyn nghwyn cŵyn gŵyn chŵyn nghŵyn ffurfiol swyddogol
    (c|g|ch|ngh)[wŵ]yn(ion)? (ffurfiol|swyddogol|newydd|arall)
    (c|g|ch)\w{1,2}[iy]n(ion)? (ffurfiol|swyddogol)
    unless f'?y nghwyn
    (gwneud|wneud|neud|cyflwyno|gyflwyno|cofrestru|gofrestru|cofrestrwch|codi|godi) (y |yr |fy )?(c|g|ch|ngh)[wŵ]yn
cy-complaint-formally: cwyno gwyno
    (c|g)wyno'n ffurfiol|(c|g)wyno yn ffurfiol|d?dymuno cwyno

[foi]
cy-foi-named: rhyddid ryddid
    rh?yddid g?wybodaeth
cy-foi-request: wybodaeth gwybodaeth
    (cais|gais|chais) (ffurfiol )?am wybodaeth
    hawl i wybodaeth

[eir]
cy-eir-named: amgylcheddol
    g?wybodaeth amgylcheddol

[subject-access]
cy-sar-all: wybodaeth gwybodaeth data ddata
    (holl|pob) (w|g?w|dd?)\w+ (bersonol |personol )?(sydd gennych|rydych|yr ydych|dych chi)~(amdana i|amdanaf|arna i|
        arnaf)
cy-sar-named: gwrthrych wrthrych testun destun
    (cais|gais|chais)~(gwrthrych|wrthrych|testun|destun)
    (mynediad|fynediad) (at ddata )?(gan )?(y |gan y )?(gwrthrych|testun)
cy-sar-held: amdanaf amdana
    (copi|copïau|gopi|gopïau|gwybodaeth|wybodaeth|data|ddata|popeth|bopeth|nodiadau|cofnodion|e-?byst|ffeil|ffeiliau)~
        amdana(f|i)
cy-sar-data: personol bersonol
    (copi|copïau|gopi|gopïau|gweld|weld|mynediad|fynediad)~(fy|o'm|i'm|am fy) (data|nata|ngwybodaeth|manylion)
cy-sar-what: beth popeth bopeth ffeil
    (beth|popeth|bopeth)~amdana(f|i)|(c|g)op(i|ïau)~(o'm|fy|o fy) (ffeil|nghofnodion|data|nata)

[data-rights]
cy-data-erase: dileu ddileu dilë ddilë cywiro gywiro prosesu brosesu phrosesu anghofio
    dd?il[eë]\w*~fy <data>
    d?dileu~<data>~(amdanaf|personol|bersonol)|d?dileu fy <data>
    (c|g)ywiro~<data>~(amdanaf|personol|bersonol)|(c|g)ywiro fy <data>
    g?wrthwynebu~(prosesu|brosesu)
    (peidi\w+|beidi\w+|stopi\w+|rhowch y gorau)~(b|ph|p)rosesu
    hawl i (gael fy|gael eich|gael ei) anghofio
cy-data-protection: diogelu ddiogelu
    d?diogelu data
cy-data-delete: dilewch dilëwch tynnwch
    (dilewch|dilëwch|tynnwch) (fy|eich cofnod)

[safeguarding]
cy-safeguarding-named: diogelu ddiogelu
    d?diogelu (plant|plentyn|blant|oedolion|oedolyn)|pryder(on)? diogelu|tîm diogelu
cy-child-danger: berygl peryg
    <child>~(mewn perygl|mewn peryg)
cy-abuse: cam gam esgeulus
    (c|g)am.?drin(iaeth)?
    esgeulus\w*
cy-hurt: taro daro tharo guro curo churo frifo brifo anafu mwrw nharo nghuro
    yn fy (mwrw|nharo|nghuro|mrifo|mygwth)
    (<child>|hi|fe|e|nhw)~cael (ei|eu) (taro|daro|tharo|curo|guro|churo|brifo)
    (taro|curo|guro|brifo|frifo|anafu)~<child>
    <child>~(ei daro|ei tharo|ei guro|ei churo|ei frifo|ei brifo|ei anafu)
cy-adult-risk: oedolyn oedolion
    oed(olyn|olion) (bregus|agored i niwed|sy'n wynebu risg|mewn perygl)
cy-beaten: taro daro tharo guro curo churo cam frifo brifo mwrw
    (ei|eu|fy|yn) (taro|daro|tharo|curo|guro|churo|brifo|frifo|mwrw|cam-?drin) (nhw|hi|fe|fo|e|o|i|ni)
cy-child-alone: hun hunain
    <child>~ar (ei ben ei hun|ei phen ei hun|eu pen(nau)? eu hunain)
cy-bruised: gleisiau cleisiau
    (g|c|ch)leisiau
cy-starved: llwgu newynu llwglyd bwyd
    (<child>|hi|fe|fo)~(llwgu|newynu|llwglyd|heb fwyd|dim bwyd)
cy-carer: gofalwr ofalwr gofalwyr
    g?ofalw(r|yr)~(dwyn|gweiddi|taro|bwrw|gas|brifo)
cy-afraid: ofn
    ofn (fy|ei) (ngŵr|ngwraig|mhartner|nhad|gŵr|thad|mab)
cy-partner: ngŵr ngwraig mhartner nhad ngharia
    fy (ngŵr|ngwraig|mhartner|nhad|nghariad)~(bygwth|mygwth|taro|nharo|churo|nghuro|brifo|mrifo|rheoli)
cy-screaming: sgrechian gweiddi brifo frifo
    (sgrechian|gweiddi) ar (y|ei|eu|fy) <child>
    <child>~wedi (brifo|frifo|cael (ei|eu) (brifo|frifo))

[homelessness]
cy-homeless-named: digartref ddigartref
    d?digartref(edd)?
    unless (pobl|bobl|elusen|lloches)~d?digartref
cy-homeless-eviction: troi
    (cael|gael|cael ein|cael fy|ein|fy|bygwth) (\w+ )?throi allan|troi allan o (fy|ein|'r)|hysbysiad troi allan
    troi (ni|fi) allan
cy-homeless-nowhere: unman unlle nunlle
    (unman|unlle|nunlle|un lle) (arall )?i (fyw|gysgu|aros|fynd)
cy-homeless-sleeping: cysgu gysgu
    (c|g)ysgu (allan|ar y stryd|yn y car|yn fy nghar|ar soffa|mewn car|mewn pabell)
cy-homeless-losing: colli golli
    (c|g)olli (fy|ein) (nghartref|cartref|tŷ|nhŷ|fflat)
cy-homeless-temporary: llety lety
    l?lety (dros dro|brys|argyfwng)
cy-homeless-without: gartref cartref
    (heb|dim|ddim) (g|c)artref (heno|nawr|bellach|i fynd|i)|heb gartref
cy-homeless-possession: meddian feddian
    (gorchymyn|orchymyn|hysbysiad|warant|gwarant)~(m|f)eddian\w+
cy-homeless-out: allan
    (troi|taflu|hel|cicio) (\w+ )?(ni|fi|nhw) (\w+ )?allan|(landlord|perchennog)~allan
cy-homeless-notice: rhybudd hysbysiad landlord perchennog unman unlle nunlle
    (landlord|perchennog|rhybudd|hysbysiad)~(i adael|gadael|i ni adael|i fi adael|i mi adael|ymadael)
    (gen i|gennym ni|gennym|gynnon ni|gyda ni) (ddim )?(unman|unlle|nunlle)
    unless barcio
cy-homeless-tent: byw pabell
    (byw|fyw) (mewn|yn y|yn fy) (pabell|car|fan|nghar|sied|garej)

[send]
cy-send-needs: anghenion
    anghenion (dysgu ychwanegol|addysgol arbennig|addysg arbennig)
cy-send-plan: cynllun gynllun
    (c|g)ynllun datblygu unigol
cy-send-letters: ady
    ady

[elections]
cy-vote: bleidlei pleidlei mhleidlei phleidlei etholiad gofrestr cofrestr gorsaf cerdyn swyddog
    (cofrestru|gofrestru) i bleidleisio|(p|b|mh|ph)leidlais (bost|drwy'r post|drwy ddirprwy)
    (cofrestr|gofrestr) etholiadol|gorsaf bleidleisio|cerdyn pleidleisio|swyddog canlyniadau
cy-vote-how: bleidlei pleidlei
    (sut|ble|lle|pryd) (\w+ ){0,4}(p|b)leidleisio|(hawl|cael|gallu|methu) (i )?(p|b)leidleisio
cy-vote-card: cherdyn ngherdyn gherdyn gerdyn cerdyn pleidlei phleidlei
    (ch|ngh|g|c)erdyn pleidleisio|(p|b|mh|ph)leidlais(iau)? (bost|post)

[planning-representation]
cy-planning-object: cynllunio gynllunio
    <object>~(c|g|ch)ais (am ganiatâd )?(c|g)ynllunio
    (c|g|ch)ais (c|g)ynllunio~<object>
cy-planning-scheme: gwrthwyneb wrthwyneb
    g?wrthwyneb\w*~(datblygiad|ddatblygiad|estyniad|tai newydd|fflatiau|ystad)

[benefits]
cy-benefit-named: budd fudd mudd bydd credyd gredyd gostyngiad ostyngiad
    (b|f|m)[uy]dd.dal(iadau)?( tai)?|(c|g)redyd cynhwysol|g?ostyngiad~treth (y )?[cg]yngor
cy-benefit-others: prydau brydau grant caledi galedi disgresiwn
    (prydau|brydau) ysgol am ddim|grant (gwisg|dillad) ysgol|(c|g)aledi|taliad(au)? (tai )?disgresiwn

[council-tax-liability]
cy-tax-liable: treth dreth threth
    (atebol|apelio|apêl|herio|esempt\w*|h?eithr\w+|gwŷs|wŷs|beili\w*|band\w*|fyfyriwr|myfyriwr)~(t|d|
        th)reth (y )?[cg]yngor
    (t|d|th)reth (y )?[cg]yngor~(atebol|apelio|apêl|herio|esempt\w*|h?eithr\w+|gwŷs|wŷs|beili\w*|band\w*|yn barod|
        eisoes|camgymeriad)
cy-tax-single: gostyngiad ostyngiad eithriad
    g?ostyngiad~(person sengl|un oedolyn|meddiannydd)|g?ostyngiad~(t|d|th)reth (y )?[cg]yngor

[school-admissions]
cy-school-place: ysgol derbyn dderbyn
    lle~mewn ysgol|lle ysgol|(derbyn|dderbyn|derbyniadau)~(i|i'r|mewn) ysgol(ion)?|apêl (derbyn|ysgol)|apelio~ysgol
    (gwahardd|wahardd|waharddwyd)~o'r ysgol
cy-school-refused: gwrthod wrthod lle
    (gwrthod|wrthod)\w*~lle~ysgol|lle (i|i'r|i'n|yn|mewn)~ysgol
    unless lle (parcio|i barcio|i fwyta|croesi)
cy-school-home: gartref adref
    (addysgu|dysgu)~(gartref|adref)
cy-school-apply: ysgol
    (cais|gais|ymgeisio|apelio|chais) am l?le~ysgol|derbyniadau ysgol|(symud|newid) ysgol
cy-school-needed: ysgol
    (angen|eisiau|chwilio am) (lle |le )?(mewn )?ysgol (newydd|arall|i'r|ar|uwchradd|gynradd)

[licensing]
cy-licence: trwydded drwydded thrwydded nhrwydded trwyddedu
    (t|d|th|nh)rwydded (safle|eiddo|alcohol|tacsi|hurio preifat|adloniant|masnachu|hapchwarae|tŷ amlfeddiannaeth)
    <object>~(t|d|th|nh)rwydded\w*|is-?bwyllgor trwyddedu
cy-licence-apply: drwydded trwydded thrwydded nhrwydded
    (cais|gais|chais|adnewyddu|gwrthwynebu|wrthwynebu) (am |fy )?(d|t|th|nh)rwydded
    (d|t|th|nh)rwydded (stryd|gwerthu|gyrrwr tacsi|bersonol|hapchwarae)
    unless yrru|gyrru|teledu|bysgota

[public-meeting]
cy-meeting: datganiad ddatganiad natganiad cwestiwn gwestiwn nghwestiwn siarad annerch deiseb ddeiseb dirprwyaeth
    (datganiad|ddatganiad|natganiad|cwestiwn|gwestiwn|nghwestiwn|siarad|annerch|deiseb|ddeiseb|dirprwyaeth)~
        (cyngor llawn|pwyllgor|bwyllgor|cabinet|gabinet|cyfarfod|gyfarfod|craffu)

[adjustment]
cy-adjust: addasiad addasiadau
    addasiad(au)? rhesymol
cy-adjust-print: print bras braille
    (print|ffont|llythrennau) bras|(mewn|yn) braille|braille (os|plis)
cy-adjust-easy: hawdd dehonglydd arwyddo iaith
    hawdd ei ddarllen|dehonglydd (bsl|iaith arwyddion)|iaith arwyddion~(angen|eisiau|isio|moyn)

[hazard]
cy-hazard-damp: llwydni lwydni tamprwydd damprwydd lleithder leithder
    (l?lwydni|(t|d|th)amprwydd|l?leithder)~(llofft|stafell|ystafell|wal|waliau|fflat|tŷ|cot|babi|plant|anadl|brest|gegin|
        nenfwd|to)
    (llofft|stafell|ystafell|wal|waliau|fflat|cot|babi|nenfwd)~(l?lwydni|(t|d|th)amprwydd|l?leithder)
cy-hazard-heat: gwres wres gwresogi wresogi boeler foeler
    (dim|heb|does dim|sdim) (unrhyw )?(gwres|wres|gwresogi|dŵr poeth)|(b|f|m)oeler~(torri|dorri|marw|gweithio)
    unless neuadd|llyfrgell|pwll nofio|capel
cy-hazard-water: dŵr nenfwd
    dŵr~(llifo|dod|gollwng|diferu)~(nenfwd|golau|trydan)
cy-hazard-wires: gwifrau wifrau
    g?wifrau~(noeth|rhydd|hongian|byw|gwreichioni)
""")
