"""Lines that are no part of an article: what leads elsewhere, asks for something, or is about the page itself."""

from __future__ import annotations

import re

# Lines that lead elsewhere or ask for something; what follows a colon on them is another page's headline.
_FURNITURE = re.compile(
    r"(?:read (?:more|also|next|the full story)|also read|see also|more (?:on|from|about) (?:this|the) \w+|"
    r"related(?: (?:stories|articles|news|topics|content))?|recommended|most read|trending|watch|listen|"
    r"advertis(?:ement|ing)|sponsored|subscribe|sign[ -](?:up|in)|log in|follow us|share (?:this|on)|click here|"
    r"skip to (?:main )?content|newsletter|all rights reserved|copyright|cookie|bookmark|play now|"
    r"(?:topics?|tags?|categor(?:y|ies)|filed under|our standards)(?=:)|you (?:may|might) also like|more stories|"
    r"(?:story|article) continues below|scroll (?:down )?to continue|back to (?:top|front page|home)|load more|"
    r"(?:view|show|read|leave|post) (?:all |a )?comments?|(?:tap|click) to (?:play|view|expand|enlarge|unmute)|"
    r"contributing(?=:)|"
    r"lire aussi|à lire|abonnez-vous|inscrivez-vous|lesen sie auch|mehr zum thema|anzeige|le[ae] también|"
    r"te puede interesar|publicidad|suscríbete|leggi anche|leia também|читайте также|реклама|اقرأ أيضا)\b",
    re.IGNORECASE,
)
# Whole sentences of a page about itself.
_OF_THE_PAGE = re.compile(
    r"(?:copyright (?:©|\(c\)|\d{4}).*|©.*|(?:this )?material may not be published.*|"
    r"something went wrong,? please try.*|invalid e-?mail\W*|we use cookies.*|your e-?mail address will not.*|"
    r"enter your e-?mail.*|by (?:continuing|submitting|signing up|clicking)\b.*\b(?:terms|privacy|cookies?)\b.*|"
    r"(?:please |to .*please )?enable javascript.*|your browser (?:does not|doesn.t) support.*|"
    r"video (?:ad feedback|unavailable)\W*|the video will (?:auto-?play|start).*|"
    r"follow (?:us|[@\w]+(?: \w+){0,3}) on (?:twitter|x|facebook|instagram|threads|bluesky)\b.*|"
    r"(?:[\w .,’'-]+ reported from [\w ,’'-]+\. )?[^.!?]+ contributed to this (?:report|story|article)\W*|"
    r"(?:do you have|have you got|got) a (?:story|tip)\b.*\?.*|for more stories\b.*\bvisit\b.*|"
    r"is this page (?:useful|helpful)\W*|thank you for (?:subscribing|signing up)\W*)\Z",
    re.IGNORECASE,
)
_LONGEST_FURNITURE = 160
# Figures alone are none of them: they may be the cells of a table.
_ACTIONS = re.compile(
    r"(?=.*[a-z])"
    r"(?:share|tweet|email|e-mail|print|facebook|twitter|whatsapp|comments?|save|cancel|copy link|[\W\d_])+\Z",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|par|von|por)\s+(?-i:[A-Z])[^.!?\"“]{2,80}\Z|"
    r"(?:with|from|via)\s+(?:agenc(?:y|ies)|wires?|news services)(?: (?:reports|inputs))?\W*\Z|"
    r"(?:reporting|editing|additional reporting|writing) by\b",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(
    r"(?:first |last |originally )?"
    r"(?:updated|published|posted|modified|publié|mis à jour|veröffentlicht|aktualisiert|publicado|actualizado|"
    r"pubblicato|aggiornato)\b(?:\W*|(?=.*(?:\d{4}|\d[:.h]\d\d|\bago\b))[^!?]{0,90}(?<![a-z]{3}\.))\Z",
    re.IGNORECASE,
)
# The way to a page: "Home > World > Rivers".
_PATH = re.compile(r"(?:home|front page|start)\s*[>»›/|]", re.IGNORECASE)


def is_furniture(line: str) -> bool:
    """Whether a line of a text, without its line break, is none of the article's own."""
    bare = line.strip(" -–—•|>»*#[]()")
    if not any(map(str.isalnum, bare)):
        return True
    if len(bare) > _LONGEST_FURNITURE:
        return False
    # A sentence that begins with such a word ("Watch prices fell.") ends as a sentence does.
    leads = _FURNITURE.match(bare) and (not bare.endswith((".", "!", "”", '"')) or ":" in bare[:40])
    return bool(leads) or any(form.match(bare) for form in (_OF_THE_PAGE, _ACTIONS, _BYLINE, _DATE_LINE, _PATH))
