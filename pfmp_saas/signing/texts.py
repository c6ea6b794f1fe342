"""The words a signer consents to: shown on the page, hashed into the evidence."""

CONSENT = (
    "J’ai lu ce document en entier. Je consens à le signer électroniquement, en la qualité indiquée, "
    "et je reconnais que cette signature m’engage comme une signature sur papier."
)
CONSENT_MANY = (
    "J’ai pu lire chacun des documents cochés. Je consens à signer électroniquement chacun d’eux, en la qualité "
    "indiquée, et je reconnais que ces signatures m’engagent comme des signatures sur papier."
)
CONSENT_PAPER = (
    "J’atteste avoir vu l’original signé de la main de la personne choisie, en la qualité indiquée ; il est conservé à "
    "l’établissement. Le document signé est celui que le service a figé, imprimé tel quel."
)
BY_LINK = "email-link"
BY_CODE = "email-link+email-code"
"""The link, and a code mailed to the same address at the time of signing."""
BY_SESSION = "email-link+account"
"""The link, opened by who is signed in under the account of the same address."""
BY_ACCOUNT = "account"
CARRIED_OVER = "carried-over"
"""Not an act of the signer: the signature given on an earlier version stands."""
