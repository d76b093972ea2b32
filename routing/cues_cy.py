"""The cues in Welsh. Words change at the front (cwyn, gwyn, chwyn) and patterns allow for it."""

from routing.cues import Cue, read_table

WELSH: tuple[Cue, ...] = read_table(r"""
<child> = (m?b?phlentyn|plentyn|blentyn|phlant|plant|blant|babi|fabi|baban|merch|ferch|mab|fab)
<data> = (data|ddata|nata|manylion|fanylion|n?gwybodaeth|wybodaeth|cofnodion|nghofnodion|ffeil)
<limit> = ((cyfyng|gyfyng|chyfyng)iad(au)?|gwaharddiad|waharddiad|cyfyngu ar fy n?ghyswllt|(un |pwynt )?pwynt cyswllt)
<dispute> = (apelio|apêl|herio|gwrthwynebu|wrthwynebu|adolygu|adolygiad|annheg|codi|dileu|anghytuno)
<object> = ((g?wrthwyneb)(u|iad|iadau)|sylwadau|cefnogi|gefnogi)

[risk-to-life]
cy-life-suicide: hunanladdiad hunan
    hunanladdiad|hunan.?(niwed|niweidio|anafu)
cy-life-kill: lladd ladd
    l?ladd (fy|dy|ei) hun(an)?
    (mi |fe )?(wna i|wnaf i|dw i'n mynd i|rwy'n mynd i|rydw i am|byddaf yn|bydda i'n) (eich |eu |dy |ei |dy )?l?ladd
cy-life-live: byw eisiau isio
    (ddim|dim|nid) (yn )?(eisiau|isio|moyn) bod yma
    (ddim|dim|nid|ddim yn) (eisiau|isio|moyn|am) byw|dim rheswm (i|dros) (fyw|byw)
cy-life-gas: nwy
    (arogl|ogla|oglau|drewi|gwynto|gollyngiad|ollyngiad)~nwy|nwy~(gollwng|yn gollwng)
cy-life-fire: dân
    ar dân|(tŷ|fflat|adeilad)~ar dân
cy-life-danger: bywyd
    (perygl|bygwth|bygythiad)~(i|fy|ei|ein|eu) (m?bywyd|fywyd)

[contest]
cy-contest-limit: cyfyng gyfyng chyfyng gwahard wahard pwynt
    <dispute>~<limit>
    <limit>~<dispute>
    unless parcio|cyflymder|traffig

[new-complaint]
cy-complaint-formal: cwyn gwyn chwyn
    (c|g|ch)wyn(ion)? (ffurfiol|swyddogol|newydd|arall)
    (gwneud|wneud|cyflwyno|gyflwyno|cofrestru|gofrestru|codi|godi) (c|g|ch)wyn
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
cy-sar-named: gwrthrych wrthrych testun destun
    (cais|gais|chais)~(gwrthrych|wrthrych|testun|destun)
    (mynediad|fynediad) (at ddata )?(gan )?(y |gan y )?(gwrthrych|testun)
cy-sar-held: amdanaf
    (copi|copïau|gopi|gopïau|gwybodaeth|wybodaeth|data|ddata|popeth|bopeth)~amdanaf
cy-sar-data: personol bersonol
    (copi|copïau|gopi|gopïau|gweld|weld|mynediad|fynediad)~(fy|o'm|i'm|am fy) (data|nata|ngwybodaeth|manylion)

[data-rights]
cy-data-erase: dileu ddileu dilë ddilë cywiro gywiro prosesu brosesu anghofio
    dd?il[eë]\w*~fy <data>
    d?dileu~<data>~(amdanaf|personol|bersonol)|d?dileu fy <data>
    (c|g)ywiro~<data>~(amdanaf|personol|bersonol)|(c|g)ywiro fy <data>
    g?wrthwynebu~(prosesu|brosesu)
    hawl i (gael fy|gael eich|gael ei) anghofio
cy-data-protection: diogelu ddiogelu
    d?diogelu data

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

[send]
cy-send-needs: anghenion
    anghenion (dysgu ychwanegol|addysgol arbennig|addysg arbennig)
cy-send-plan: cynllun gynllun
    (c|g)ynllun datblygu unigol

[elections]
cy-vote: bleidlei pleidlei etholiad
    (cofrestru|gofrestru) i bleidleisio|b?p?leidlais (bost|drwy'r post|drwy ddirprwy)
    (cofrestr|gofrestr) etholiadol|gorsaf bleidleisio|cerdyn pleidleisio|swyddog canlyniadau

[planning-representation]
cy-planning-object: cynllunio gynllunio
    <object>~(c|g|ch)ais (am ganiatâd )?(c|g)ynllunio
    (c|g|ch)ais (c|g)ynllunio~<object>

[benefits]
cy-benefit-named: budd fudd mudd credyd gredyd gostyngiad ostyngiad
    (b|f|m)udd.dal(iadau)?( tai)?|(c|g)redyd cynhwysol|g?ostyngiad~treth (y )?[cg]yngor

[council-tax-liability]
cy-tax-liable: treth dreth
    (atebol|apelio|apêl|herio|esemptiad|eithriad|gwŷs|beili\w*)~(t|d)reth (y )?[cg]yngor
    (t|d)reth (y )?[cg]yngor~(atebol|apelio|apêl|herio|esemptiad|eithriad|gwŷs|beili\w*)

[school-admissions]
cy-school-place: ysgol derbyn dderbyn
    lle~mewn ysgol|lle ysgol|(derbyn|dderbyn|derbyniadau)~(i|i'r|mewn) ysgol(ion)?|apêl (derbyn|ysgol)|apelio~ysgol
    (gwahardd|wahardd|waharddwyd)~o'r ysgol

[licensing]
cy-licence: trwydded drwydded thrwydded
    (t|d|th)rwydded (safle|eiddo|alcohol|tacsi|hurio preifat|adloniant|masnachu)
    <object>~(t|d|th)rwydded\w*|is-?bwyllgor trwyddedu

[public-meeting]
cy-meeting: datganiad ddatganiad cwestiwn gwestiwn siarad annerch
    (datganiad|ddatganiad|cwestiwn|gwestiwn|siarad|annerch)~
        (cyngor llawn|pwyllgor|bwyllgor|cabinet|gabinet|cyfarfod|gyfarfod|craffu)
""")
