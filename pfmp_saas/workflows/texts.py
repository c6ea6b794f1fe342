"""The mails that reactions write. Plain text, in French."""

SIGNED = """Bonjour {name},

La convention « {title} » a reçu toutes ses signatures. Vous la trouverez jointe à ce message : gardez ce fichier,
il porte les signatures et leur preuve.

Chacun peut vérifier ce PDF, sans compte, à l’adresse : {base_url}/verifier
"""

REFUSED = """Bonjour,

{signer} ({capacity}) a refusé de signer « {title} ».

Motif : {reason}

La convention est close. Copiez-la dans un nouveau brouillon, corrigez, puis envoyez.
"""

AMENDED = """Bonjour {name},

« {document} » a reçu toutes ses signatures : il prend effet. Vous le trouverez joint à ce message ; gardez-le avec la
convention, dont il fait partie.

Chacun peut vérifier ce PDF, sans compte, à l’adresse : {base_url}/verifier
"""

REFUSED_AMENDMENT = """Bonjour,

{signer} ({capacity}) a refusé de signer « {title} ».

Motif : {reason}

L’avenant est clos ; la convention reste telle qu’elle est signée. Préparez un autre avenant si les parties s’accordent.
"""

REFUSED_ATTESTATION = """Bonjour,

{signer} ({capacity}) a refusé de signer « {title} ».

Motif : {reason}

L’attestation reste due : l’organisme d’accueil peut en préparer une autre depuis son espace.
"""

UNSIGNED = """Bonjour {name},

Votre signature manque encore sur « {title} ». {why}

Pour lire puis signer, sans compte ni mot de passe :

{url}

L’ouvrir n’engage à rien.
"""

ATTESTATION = """Bonjour {name},

La période de formation de {student} s’achève : son attestation (article D. 124-9 du code de l’éducation) est à
compléter et à signer le dernier jour. Elle est préremplie ; une minute suffit :

{url}

Ce lien sert une fois ; il reste valable sept jours.
"""

EVALUATION = """Bonjour {name},

Votre période de formation s’achève. Dites à votre établissement comment vous avez été accueilli ; l’organisme
d’accueil ne verra jamais vos réponses :

{url}
"""

ACCIDENT = """Bonjour {name},

Accident de {student} : {declarant} doit le déclarer à l’organisme {recipient} avant le {deadline} (heure locale).

Gardez la preuve de la date d’envoi, puis indiquez dans PFMP que la déclaration est faite : les rappels cesseront.

{url}
"""

ATTESTED = """Bonjour {name},

L’attestation de période de formation de {student} est signée. Vous la trouverez jointe à ce message.
"""

CHECKPOINT = """
Gardez aussi le relevé joint : c’est l’état du journal de preuve de l’établissement ({size} événements) au moment où
votre document y est entré. Si quelqu’un, nous compris, réécrivait ce journal, votre relevé le montrerait.
Empreinte courte du relevé : {fingerprint}
Tous les relevés : {page}
"""

NO_CHECKPOINT = """
Le relevé du journal de preuve qui couvre ce document n’est pas encore fait ; vous le trouverez ici : {page}
"""

CONTACT = """Bonjour {name},

{student} est en formation chez {host} du {start} au {end}. L’enseignant référent prend contact avec l’élève et le
tuteur pendant la première partie de la période : au plus tard le {due}.

Une fois le contact pris, notez-en le jour ici ; les rappels cesseront :

{url}
"""

VISIT = """Bonjour {name},

{student} est en formation chez {host} du {start} au {end}. Une rencontre de l’élève, du tuteur et de l’enseignant
référent est due avant la fin : au plus tard le {due}. Un ordre de mission du chef d’établissement couvre chaque visite.

Une fois la visite faite, notez-en le jour ici ; les rappels cesseront :

{url}
"""

WHY_SIGN = {
    "convention": "Le stage ne peut pas commencer sans elle.",
    "amendment": "L’avenant ne prend pas effet sans elle.",
}

RENEWAL = """Bonjour {name},

Le {until} expire {what}, sur quoi reposent les travaux réglementés de {student} chez {host}. La période finit le {end}.

Passé ce jour, un élève mineur ne fait plus ces travaux : faites renouveler avant, ou avant sa prochaine période.

{url}
"""
