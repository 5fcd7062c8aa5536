"""The formulas of body composition: pure, each with its source, shapes and units."""

import math

CM_PER_M = 100
REFERENCE_HEIGHT_M = 1.8
KOURI_SLOPE = 6.3


def body_mass_index(weight_kg: float, height_cm: float) -> float:
    """Body mass index, in kg/m2: weight over height squared. 70 kg at 175 cm are 22.9.

    Source: Quetelet 1832; WHO technical report 894, 2000.
    """
    return weight_kg / (height_cm / CM_PER_M) ** 2


def siri_body_fat(density_kg_per_l: float) -> float:
    """Body fat in percent of a body's density: 495 / D - 450.

    Source: Siri 1961, "Body composition from fluid spaces and density: analysis of methods".
    """
    return 495 / density_kg_per_l - 450


def navy_body_fat_male(abdomen_cm: float, neck_cm: float, height_cm: float) -> float | None:
    """Body fat of a man in percent, by circumferences; None unless the abdomen (at the navel) is more than the neck.

    Density 1.0324 - 0.19077 log10(abdomen - neck) + 0.15456 log10(height), then Siri. Standard error 3.5 % of body weight.

    Source: Hodgdon and Beckett 1984, "Prediction of percent body fat for U.S. Navy men from body circumferences and height",
    Naval Health Research Center, report 84-11.
    """
    if abdomen_cm <= neck_cm:
        return None
    return siri_body_fat(1.0324 - 0.19077 * math.log10(abdomen_cm - neck_cm) + 0.15456 * math.log10(height_cm))


def navy_body_fat_female(waist_cm: float, hip_cm: float, neck_cm: float, height_cm: float) -> float | None:
    """Body fat of a woman in percent, by circumferences; None unless waist (at its narrowest) and hip are more than the neck.

    Density 1.29579 - 0.35004 log10(waist + hip - neck) + 0.22100 log10(height), then Siri. Standard error 3.7 % of body weight.

    Source: Hodgdon and Beckett 1984, "Prediction of percent body fat for U.S. Navy women from body circumferences and height",
    Naval Health Research Center, report 84-29.
    """
    if waist_cm + hip_cm <= neck_cm:
        return None
    return siri_body_fat(1.29579 - 0.35004 * math.log10(waist_cm + hip_cm - neck_cm) + 0.22100 * math.log10(height_cm))


def lean_mass(weight_kg: float, body_fat_percent: float) -> float:
    """What of a body weight is not fat, in kg: 80 kg with 15 % are 68 kg."""
    return weight_kg * (1 - body_fat_percent / 100)


def fat_free_mass_index(lean_kg: float, height_cm: float) -> float:
    """Fat-free mass index, in kg/m2: lean mass over height squared.

    Source: Kouri, Pope, Katz and Oliva 1995, "Fat-free mass index in users and nonusers of anabolic-androgenic steroids".
    """
    return lean_kg / (height_cm / CM_PER_M) ** 2


def normalized_fat_free_mass_index(index: float, height_cm: float) -> float:
    """The fat-free mass index that a man of 1.80 m would have, in kg/m2: FFMI + 6.3 (1.80 m - height).

    Source: Kouri et al. 1995, as above (6.3 is theirs; 6.1, often met, is not).
    """
    return index + KOURI_SLOPE * (REFERENCE_HEIGHT_M - height_cm / CM_PER_M)
