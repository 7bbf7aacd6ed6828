"""Words for yes, no and not known, as people write them in several languages.

A word that is both in different languages, or means either, is in none of the sets.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Reply: TypeAlias = Literal["yes", "no", "not known", ""]

# ruff: noqa: RUF001 - words of other scripts
_YES_WORDS = """
yes y true t yep yeah ok on x present positive pos + ++ +++ affirmative ✓ ✔ ☑ ✅
ja jawohl vorhanden positiv wahr oui vrai présent sí si sì sim verdadero verdadeiro vero
presente positivo tak prawda ano evet var igen kyllä joo hai да ναι はい 是 有 نعم
כן हाँ 예
"""
_NO_WORDS = """
no n false f nope not off absent negative neg none nil denies denied never
nein keine keiner keines kein negativ falsch nicht non aucun aucune faux nié ninguno
ninguna nunca falso ausente negativo não nao nessuno nessuna mai nee geen nej ingen nei
inga nie brak ne hayır yok nem ei нет όχι いいえ 否 无 無 لا לא नहीं 아니요
"""
_UNKNOWN_WORDS = """
unknown unk unkn - -- --- ? ?? ??? null undefined nan nat <na> n/a na n.a. n.k. nk nd
n/d missing blank empty unsure uncertain undetermined unclear pending tbd tbc maybe
perhaps possibly u/k idk unspecified unrecorded . .. ... … — _ * # #n/a unbekannt unklar
fraglich k.a. inconnu inconnue incertain desconocido desconocida desconhecido
sconosciuto sconosciuta ignoto onbekend ukendt okänd ukjent nieznane неизвестно άγνωστο
不明 未知
"""
_UNKNOWN_PHRASES = """
not known, not asked, not assessed, not applicable, not available, not recorded,
not documented, not done, not sure, not stated, don't know, do not know, no answer,
no data, no information, non communiqué, nicht bekannt, nicht erhoben, weiß nicht,
weiss nicht, keine angabe, keine angaben, ne sait pas, non connu, no sé, no se, no sabe,
no conocido, não sei, non noto, non so, niet bekend, to be confirmed, declined,
prefer not to say
"""
_YES = frozenset(_YES_WORDS.split())
_NO = frozenset(_NO_WORDS.split())
_NOT_KNOWN = frozenset(_UNKNOWN_WORDS.split()) | {
    " ".join(phrase.split()) for phrase in _UNKNOWN_PHRASES.split(",")
}


def reply_of(text: str) -> Reply:
    """What a text says, if it is a word for yes, no or not known.

    A dash alone says not known, since it may stand for no or for nothing.

    Parameters
    ----------
    text
        What was written.
    """
    word = " ".join(text.casefold().split()).strip(" .!\"'()[]") or text.strip()
    if word in _NOT_KNOWN or text.strip() in _NOT_KNOWN:
        return "not known"
    if word in _YES:
        return "yes"
    return "no" if word in _NO else ""
