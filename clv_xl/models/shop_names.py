"""Names for the customers of the simulated shop: common ones, combined, nobody in particular."""

FIRST_NAMES = (
    *("Adam", "Agata", "Aiko", "Aisha", "Alba", "Amina", "Andrei", "Anika", "Anton", "Arash"),
    *("Astrid", "Beatriz", "Bruno", "Carmen", "Clara", "Daria", "Diego", "Elena", "Elif", "Emil"),
    *("Emma", "Erik", "Farah", "Felix", "Finn", "Frida", "Giulia", "Hana", "Hugo", "Ines"),
    *("Ingrid", "Ivan", "Jan", "Jonas", "Julia", "Kaan", "Karim", "Katarina", "Kofi", "Lars"),
    *("Laura", "Leila", "Léa", "Lucas", "Luca", "Magda", "Malik", "Marta", "Mateo", "Mei"),
    *("Mina", "Nadia", "Nils", "Noor", "Olga", "Omar", "Paolo", "Petra", "Priya", "Rafael"),
    *("Ravi", "Rosa", "Samir", "Sara", "Sofia", "Sven", "Tariq", "Teresa", "Thomas", "Yuki"),
)
LAST_NAMES = (
    *("Ahmadi", "Andersson", "Bakker", "Barbosa", "Bauer", "Becker", "Berg", "Bianchi", "Blanc"),
    *("Castillo", "Costa", "De Vries", "Demir", "Diallo", "Dubois", "Esposito", "Fabre", "Farouk"),
    *("Fernandes", "Ferrari", "Fischer", "Fontaine", "Garnier", "Greco", "Gupta", "Haas", "Hansen"),
    *("Hoffmann", "Horvat", "Ito", "Ivanova", "Jansen", "Jensen", "Kaya", "Khan", "Klein"),
    *("Kovács", "Kowalski", "Lang", "Larsen", "Laurent", "Lehmann", "Lindberg", "Lopes", "Marino"),
    *("Martins", "Mazur", "Mensah", "Meyer", "Moreau", "Moretti", "Müller", "Navarro", "Nguyen"),
    *("Nielsen", "Novák", "Nowak", "Okafor", "Olsen", "Ortega", "Papadopoulos", "Pereira", "Petit"),
    *("Popescu", "Ramos", "Rivera", "Romano", "Rossi", "Roy", "Sato", "Schmid", "Silva"),
    *("Sokolov", "Tanaka", "Torres", "Visser", "Wagner", "Weber", "Zielińska"),
)


def full_name(number: int) -> str:
    """Return the name with this number; numbers beyond all combinations start again.

    Examples
    --------
    >>> full_name(0), full_name(79)
    ('Adam Ahmadi', 'Agata Ahmadi')
    """
    first, last = divmod(number % (len(FIRST_NAMES) * len(LAST_NAMES)), len(LAST_NAMES))
    return f"{FIRST_NAMES[first]} {LAST_NAMES[last]}"
