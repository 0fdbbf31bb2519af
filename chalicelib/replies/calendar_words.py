"""The words of days, months and numbers, German and English, casefolded ("ß" is "ss" there)."""

WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            "montag monday mon",
            "dienstag tuesday tue tues",
            "mittwoch wednesday wed weds",
            "donnerstag thursday thu thur thurs",
            "freitag friday fri",
            "samstag sonnabend saturday sat",
            "sonntag sunday",
        )
    )
    for name in names.split()
}
# So short that they are days only behind "bis" or "am".
SHORT_WEEKDAYS = {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6}
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "januar jänner january jan",
            "februar february feb",
            "märz march mar mär maerz",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        1,
    )
    for name in names.split()
}
NUMBERS = {
    name: number
    for number, names in {
        1: "ein eine einem einen einer eines one a an",
        2: "zwei two",
        3: "drei three",
        4: "vier four",
        5: "fünf fuenf five",
        6: "sechs six",
        7: "sieben seven",
        8: "acht eight",
        9: "neun nine",
        10: "zehn ten",
        11: "elf eleven",
        12: "zwölf zwoelf twelve",
        14: "vierzehn fourteen",
        20: "zwanzig twenty",
        24: "vierundzwanzig",
        30: "dreissig thirty",
        48: "achtundvierzig",
    }.items()
    for name in names.split()
}
# Seconds of a day at which its parts end. Where a part is a bound ("by lunchtime"), noon is its beginning.
HOUR = 3600
END = 24 * HOUR - 1
NOON, AFTER_NOON = 12 * HOUR, 14 * HOUR
CLOSE_OF_BUSINESS = 17 * HOUR
PARTS = {
    name: ends
    for ends, names in {
        NOON: "früh frueh vormittag vormittags morgen morgens morning noon",
        AFTER_NOON: "mittag mittags lunchtime lunch",
        18 * HOUR: "nachmittag nachmittags afternoon",
        22 * HOUR: "abend abends evening",
        END: "nacht night",
    }.items()
    for name in names.split()
}


def number(said: str) -> int:
    """Read a number, in digits or as a word."""
    return int(said) if said.isdecimal() else NUMBERS[said]
