"""Why a pack objects, and what to write instead: said in the reader's language, so kept here and not in the packs."""

from typing import NamedTuple

from django.utils.translation import gettext_noop as _


class Reason(NamedTuple):
    """`may_except` False: nobody may accept such a finding, whatever the reason."""

    why: str
    instead: str
    may_except: bool = True


REASONS = {
    # The law.
    "absolute": Reason(
        _("the Advertising Law of China forbids absolute terms (article 9)."),
        _("Say what can be measured instead."),
        False,
    ),
    "state": Reason(
        _("the names and symbols of the state, its bodies and leaders may not advertise anything (article 9)."),
        _("Leave it out."),
        False,
    ),
    "supply": Reason(_("goods may not be sold as specially supplied to state bodies."), _("Leave it out."), False),
    "superstition": Reason(
        _("the Advertising Law of China forbids superstition (article 9)."), _("Describe the product itself."), False
    ),
    "medical": Reason(
        _("only medicines and medical devices may claim to prevent, treat or cure anything."),
        _("Say what the product is made of and does, not what it does to a body."),
        False,
    ),
    "health": Reason(
        _("a health claim needs an authorised wording and evidence."),
        _("Use the authorised wording for the nutrient, or leave the effect out."),
        False,
    ),
    "cosmetic": Reason(
        _("ordinary cosmetics may not claim medical or whitening effects."),
        _("Say how it feels and looks on the skin."),
        False,
    ),
    "returns": Reason(
        _("a promised return or profit is forbidden in advertising."), _("Leave the promise out."), False
    ),
    "authority": Reason(
        _("a recommendation by experts, doctors or institutions needs proof, or is forbidden."),
        _("Name the test, who did it and when, if a confirmed fact says so."),
        False,
    ),
    "clinical": Reason(
        _("“clinically” and “scientifically proven” need a study of this very product."),
        _("Name the study and its result as a fact, or leave it out."),
        False,
    ),
    "green": Reason(
        _("a general environmental claim without recognised proof misleads."),
        _("Name the one property that a fact proves, such as “made of recycled polyester”."),
        False,
    ),
    "offset": Reason(
        _("a product may not be called climate neutral on the ground of offsets."),
        _("State measured emissions, or leave it out."),
        False,
    ),
    "degrade": Reason(
        _("“biodegradable” and “compostable” need a standard, and how and how fast it happens."),
        _("Name the standard that a fact proves, such as EN 13432."),
        False,
    ),
    "natural": Reason(
        _("“natural”, “organic” and “free of chemicals” need a certificate or the exact share."),
        _("Name the certificate or the share that a fact proves."),
        False,
    ),
    "origin": Reason(
        _("a claim of origin must be true of all, or virtually all, of the product."),
        _("Add the origin as a confirmed fact, or leave it out."),
        False,
    ),
    "free": Reason(
        _("what is called free must cost nothing, with all conditions beside it."),
        _("Name the conditions, or leave it out of the copy."),
        False,
    ),
    "guarantee": Reason(
        _("a guarantee must say what it covers, how long and at what terms."),
        _("Name the warranty that a fact holds, such as “2-year warranty”."),
        False,
    ),
    "promise": Reason(
        _("nobody can promise such an effect."), _("Say what was measured, under which conditions."), False
    ),
    "pressure": Reason(
        _("false urgency and comparisons of prices without a base mislead."),
        _("Leave time and price to the shop's page."),
        False,
    ),
    "superlative": Reason(
        _("a claim to be first or best needs proof against all rivals."), _("Say what can be measured instead."), False
    ),
    "approved": Reason(
        _("an approval by an authority may be named only where a fact proves it."),
        _("Add the approval and its number as a confirmed fact, or leave it out."),
        False,
    ),
    # Safety.
    "slur": Reason(_("this insults people."), _("Choose a word that insults nobody.")),
    "obscene": Reason(_("this is obscene."), _("Choose a plain word.")),
    "sexual": Reason(_("this is sexual."), _("Describe the product without it.")),
    "minors": Reason(_("this sexualises children or points to abuse."), _("Remove it."), False),
    "violence": Reason(_("this speaks of violence."), _("Describe what the product is used for.")),
    "self-harm": Reason(_("this speaks of suicide or self-harm."), _("Remove it."), False),
    "hate": Reason(_("this is a sign or a slogan of hatred."), _("Remove it."), False),
    "drugs": Reason(_("this names drugs or prescription medicine."), _("Remove it, or sell it under its own rules.")),
    "gambling": Reason(_("this advertises gambling."), _("Remove it.")),
    "cure": Reason(_("this promises a cure."), _("Say what the product is and does; promise no healing."), False),
    "coarse": Reason(_("this is coarse."), _("Choose a word that fits a shop.")),
    # The house.
    "leftover": Reason(_("this was left over from a template or from the model."), _("Remove it, or fill the gap.")),
    "filler": Reason(_("this says nothing about the product."), _("Say what the product does.")),
}

# The packs' own names, as their headers have them.
NAMES = [
    _("Advertising law, China"),
    _("Advertising law, EU"),
    _("Advertising law, USA"),
    _("Unsafe words"),
    _("Leftovers and filler"),
]
