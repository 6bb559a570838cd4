"""The linking attack: a thief with every file and every service key guesses who wrote what."""
