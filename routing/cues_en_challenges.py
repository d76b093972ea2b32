"""The cues in English for what is held against the council itself: the restriction, and new complaints."""

from routing.cues import Cue, read_table

CHALLENGES: tuple[Cue, ...] = read_table(r"""
<limit> = (restrictions?|restricted|ban|sanctions?|single point of contact|spoc|contact arrangements?|managed contact|
        (may|can|must|to|should) only (write|e-?mail|contact|speak|talk|deal)|(officer|person|address) only)
<dispute> = (appeal\w*|contest\w*|challeng\w+|disput\w+|object\w*|lift|lifted|remov\w+|review\w*|overturn\w*|unfair\w*|
        unlawful\w*|reconsider\w*|quash\w*|revok\w+|withdraw\w*|disagree\w*|discriminat\w+|disproportionate\w*|
        proportion|
        not fair|unjust\w*|illegal\w*|unnecessary|reject|cancel\w*)
<label> = (vexatious|unreasonabl[ey] persistent|unreasonable (complainant|customer|persistent))
<conduct> = unreasonabl[ey] (persistent )?(actions?|contact|behaviour|complainants?|customers?)
<raise> = (make|making|lodge|lodging|raise|raising|register|submit|submitting|file|filing|log|put(ting)? in|bring|open)

[contest]
contest-limit: restrict ban sanction spoc contact only
    <dispute>~<limit>
    <limit>~<dispute>
    unless (parking|speed|weight|height|width|waiting|loading|traffic|turning|access|vehicle|road|entry|size|age|time)
        ~(restrict\w*|ban)
    unless (lid|recycling|bins?|skip|toll|noise|building|planning|tenancy|hosepipe|dog|bonfire|firework|smoking|
        covid) (\w+ )?(restrict\w*|ban)
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
contest-one-only: accept agree object challeng appeal
    (not|n't|nor|refuse to|object\w*|challeng\w+|appeal\w*) (\w+ )?(accept|agree|to)?~(decision|arrangement|order|rule|
        letter|made)~
        (one (\w+ )?(officer|person|address)|single|restrict\w*|limit\w*|my (contact|e-?mails?))
contest-blocked: block divert filter restrict limit
    (unlawful\w*|illegal\w*|unfair\w*|wrong\w*|outrag\w+|how dare|no right|stop|why)~(block|divert|filter|restrict|
        limit)\w* (of )?my
    (block|divert|filter|restrict|limit)\w* my (e-?mails?|contact|letters|calls)~(unlawful|illegal|unfair|wrong|
        outrag\w+|discriminat\w+)
contest-list: register list
    (register|list) of (unreasonabl\w+|vexatious|persistent|abusive|difficult|managed)
contest-label-off: label
    label~(gone|removed|off|lifted|withdrawn|taken)
    unless (bin|parcel|food|price|name|address)
contest-onwards: contact
    (single point of contact|managed contact|contact (restrictions?|arrangements?|ban)).{0,60}
        \b(unlawful|unfair|wrong|fight|ombudsman|appeal|illegal|refuse|reject|not accept|nonsense|end|over|lifted|
        review\w*)
contest-gagged: gag gagged gagging silenc silence silenced reinstate restore cut
    (gag|gagg|silenc)\w* me|(reinstate|restore) my (right|access|contact|e-?mail)|cut me off from

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
complaint-wanted: complain
    (want|like|wish|need) to (\w+ )?complain
    how (do|can|would|should|does) (i|we|one|somebody|someone) (\w+ )?complain
complaint-about-staff: complaint complain
    (complaint|complain|complaining) about (a|an|one of) (\w+ )?(member of (your )?staff|officer|warden|driver|
        contractor)
complaint-procedure: complaint
    (dealt|treated|considered|handled|investigated|logged|taken|raise\w*) (\w+ ){0,3}(under|through|as|by|with|in)~
        complaints? (procedure|process|policy)
complaint-against: complaint
    complaint against
    unless (no|any|old|previous|last|earlier|my) (\w+ )?complaint against
""")
