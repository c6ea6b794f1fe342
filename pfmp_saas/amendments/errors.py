"""What an amendment may be refused for."""

NOT_SIGNED = "Un avenant modifie une convention signée ; celle-ci ne l’est pas."
ALREADY_OPEN = "Un avenant de cette convention est déjà en préparation ou en signature : terminez-le d’abord."
NOT_DRAFT = "Cet avenant est déjà parti en signature : il ne se modifie plus."
NOTHING_CHANGED = "Rien ne change encore : modifiez au moins un élément de la convention."
BLOCKED = "L’avenant ne peut pas partir : {count} point(s) à corriger d’abord."
STALE = "La convention a changé depuis que ce brouillon est ouvert : abandonnez-le et recommencez."
NO_REASON = "Dites pourquoi, sans aucun détail de santé : ce texte est imprimé."
