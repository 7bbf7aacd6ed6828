"""The neutral task by hand: if and else, and a trace of the rules that fired.

The unit of the ratios. Two-valued: what is not known makes a test false, so the answer
has no unknown rules.
"""

from benchmarks.neutral.records import Answer, Patient


def two_valued(patient: Patient) -> Answer:
    """Decide one case; only what is known to be true counts."""
    age = patient.age
    weight_kg = patient.weight_kg
    bmi = patient.bmi
    sbp = patient.sbp
    egfr = patient.egfr
    alt = patient.alt
    hba1c = patient.hba1c
    pain = patient.pain
    weeks = patient.weeks
    prior_lines = patient.prior_lines
    sex = patient.sex
    smoking = patient.smoking
    frailty = patient.frailty
    severity = patient.severity
    setting = patient.setting
    allergy = patient.allergy
    bleed_risk = patient.bleed_risk
    route_pref = patient.route_pref
    pregnant = patient.pregnant
    breastfeeding = patient.breastfeeding
    diabetes = patient.diabetes
    hypertension = patient.hypertension
    heart_failure = patient.heart_failure
    atrial_fib = patient.atrial_fib
    prior_stroke = patient.prior_stroke
    gi_ulcer = patient.gi_ulcer
    liver_disease = patient.liver_disease
    asthma = patient.asthma
    anticoagulant = patient.anticoagulant
    immunosuppressed = patient.immunosuppressed
    d001 = ((weeks is not None and weeks < 104) and severity == "severe") or (
        sbp is not None and sbp >= 160
    )
    d002 = (
        anticoagulant is True and (egfr is not None and egfr < 30)
    ) or route_pref == "any"
    no_d002 = (
        anticoagulant is False or (egfr is not None and egfr >= 30)
    ) and route_pref in ("oral", "injection")
    d003 = (alt is not None and alt < 80) and heart_failure is True
    no_d003 = (alt is not None and alt >= 80) or heart_failure is False
    d004 = pregnant is True or age < 40
    d005 = (hba1c is not None and hba1c < 42) and (weeks is not None and weeks >= 52)
    no_d005 = (hba1c is not None and hba1c >= 42) or (weeks is not None and weeks < 52)
    d006 = (
        (egfr is not None and egfr >= 15) and sex == "male" and liver_disease is False
    )
    no_d006 = (
        (egfr is not None and egfr < 15) or sex == "female" or liver_disease is True
    )
    d007 = ((pain is not None and pain >= 8) and immunosuppressed is True) or (
        prior_lines is not None and prior_lines < 1
    )
    d008 = (asthma is True and route_pref in ("oral", "any")) or heart_failure is True
    d009 = (
        (hba1c is not None and hba1c < 75) and breastfeeding is True
    ) or severity == "mild"
    d010 = heart_failure is False and (bmi is not None and bmi < 40) and sex == "male"
    d012 = age < 85 and prior_stroke is True
    no_d012 = age >= 85 or prior_stroke is False
    d013 = d012 or heart_failure is True or d002
    no_d013 = no_d012 and heart_failure is False and no_d002
    d014 = prior_stroke is False and bleed_risk == "high"
    no_d014 = prior_stroke is True or bleed_risk in ("low", "medium")
    d015 = d001 or d004
    d016 = d015 and (weight_kg is not None and weight_kg < 90) and d010
    x0 = x1 = x2 = x3 = x4 = x5 = x6 = False
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = 0
    fired: list[str] = []
    if (
        age >= 75
        and (pain is not None and pain < 4)
        and (d013 or bleed_risk in ("low", "medium") or diabetes is True)
    ):
        fired.append("R0001")
        x0 = True
    if (
        (weight_kg is not None and weight_kg >= 100)
        and (prior_lines is not None and prior_lines < 1)
        and (
            liver_disease is True or gi_ulcer is True or bleed_risk in ("low", "medium")
        )
    ):
        fired.append("R0002")
        x1 = True
        x5 = True
    if (
        (bmi is not None and bmi >= 30)
        and (alt is not None and alt >= 80)
        and age < 75
        and allergy in ("none", "class_b")
    ):
        fired.append("R0003")
        x2 = True
    if (
        (sbp is not None and sbp >= 160)
        and hypertension is True
        and severity in ("moderate", "severe")
    ):
        fired.append("R0004")
        x1 = True
    if (
        (egfr is not None and egfr < 60)
        and (sbp is not None and sbp >= 140)
        and (weight_kg is not None and weight_kg < 90)
    ):
        fired.append("R0005")
        x4 = True
    if (alt is not None and alt < 80) and (pain is not None and pain >= 6) and d014:
        fired.append("R0006")
        x0 = True
    if (
        (hba1c is not None and hba1c < 42)
        and atrial_fib is True
        and breastfeeding is False
    ) or (
        bleed_risk in ("low", "medium")
        and (prior_lines is not None and prior_lines >= 4)
        and smoking == "never"
    ):
        fired.append("R0007")
        x0 = True
    if (
        (pain is not None and pain >= 8)
        and d002
        and allergy in ("none", "class_b", "multiple")
        and bleed_risk in ("medium", "high")
    ) or (pregnant is False and d005 and sex == "female"):
        fired.append("R0008")
        x1 = True
        x2 = True
        x6 = True
    if (weeks is not None and weeks < 4) and d014:
        fired.append("R0009")
        x2 = True
    if (
        (prior_lines is not None and prior_lines < 2)
        and gi_ulcer is True
        and (diabetes is True or (pain is not None and pain < 4))
    ):
        fired.append("R0010")
        x2 = True
        x3 = True
        x4 = True
    if sex == "female" and liver_disease is False and d003:
        fired.append("R0011")
        x0 = True
        x6 = True
    if smoking in ("former", "current") and prior_stroke is True:
        fired.append("R0012")
        x0 = True
    if (
        frailty in ("mild", "moderate", "severe") and d014 and prior_stroke is False
    ) or (
        diabetes is True
        and (egfr is not None and egfr < 60)
        and (bmi is not None and bmi < 25)
    ):
        fired.append("R0013")
        x4 = True
        x5 = True
    if (
        severity in ("moderate", "severe")
        and heart_failure is False
        and atrial_fib is True
        and d013
    ):
        fired.append("R0014")
        x0 = True
        x6 = True
    if (setting in ("home", "hospital") and d005) or (
        hypertension is True and d015 and heart_failure is True
    ):
        fired.append("R0015")
        x2 = True
    if (allergy in ("class_a", "class_c") and (weeks is not None and weeks < 6)) or (
        liver_disease is True and d005 and age < 85
    ):
        fired.append("R0016")
        x5 = True
        x6 = True
    if bleed_risk in ("low", "medium") and breastfeeding is False and pregnant is True:
        fired.append("R0017")
        x0 = True
        x6 = True
    if (
        route_pref == "any"
        and diabetes is True
        and (immunosuppressed is True or (weight_kg is not None and weight_kg < 100))
    ):
        fired.append("R0018")
        x1 = True
        x2 = True
    if pregnant is True and asthma is False:
        fired.append("R0019")
        x1 = True
        x3 = True
        x4 = True
    if breastfeeding is True and (d015 or d006):
        fired.append("R0020")
        x5 = True
    if (
        diabetes is False
        and heart_failure is True
        and prior_stroke is False
        and (atrial_fib is False or (hba1c is not None and hba1c < 75))
    ):
        fired.append("R0021")
        x2 = True
        x3 = True
    if (
        hypertension is True
        and d008
        and bleed_risk in ("low", "high")
        and ((hba1c is not None and hba1c >= 42) or asthma is True or age >= 40)
    ):
        fired.append("R0022")
        x1 = True
        x6 = True
    if heart_failure is True and d009:
        fired.append("R0023")
        x1 = True
    if atrial_fib is True and d001:
        fired.append("R0024")
        x1 = True
    if prior_stroke is True and (weeks is not None and weeks < 26):
        fired.append("R0025")
        x5 = True
    if gi_ulcer is False and severity == "moderate" and d010 and anticoagulant is True:
        fired.append("R0026")
        x0 = True
        x2 = True
        x4 = True
    if liver_disease is True and gi_ulcer is False:
        fired.append("R0027")
        x5 = True
    if asthma is True and setting == "home" and route_pref == "oral":
        fired.append("R0028")
        x3 = True
        x4 = True
    if (
        anticoagulant is True
        and (pain is not None and pain < 8)
        and (alt is not None and alt < 40)
        and d006
    ):
        fired.append("R0029")
        x4 = True
        x5 = True
    if immunosuppressed is True and no_d014:
        fired.append("R0030")
        x5 = True
    if age < 40 and ((bmi is not None and bmi >= 40) or d013):
        fired.append("R0031")
        s3 -= 5
    if (weight_kg is not None and weight_kg >= 90) and d015 and asthma is False:
        fired.append("R0032")
        s4 -= 2
    if (bmi is not None and bmi < 40) and anticoagulant is True:
        fired.append("R0033")
        s0 -= 1
        s1 -= 1
        s5 -= 1
    if (sbp is not None and sbp < 130) and severity in ("mild", "severe") and no_d006:
        fired.append("R0034")
        s1 -= 5
    if (egfr is not None and egfr >= 60) and anticoagulant is True:
        fired.append("R0035")
        s6 -= 2
    if (alt is not None and alt < 120) and gi_ulcer is True:
        fired.append("R0036")
        s2 -= 4
        s3 -= 4
        s6 -= 4
    if (
        (hba1c is not None and hba1c < 75)
        and allergy in ("none", "class_b", "class_c", "multiple")
        and setting == "clinic"
        and d013
    ):
        fired.append("R0037")
        s0 -= 1
        s3 -= 1
        s5 -= 1
    if ((pain is not None and pain >= 2) and d005) or (
        hypertension is True and d009 and allergy in ("none", "class_c")
    ):
        fired.append("R0038")
        s0 -= 2
        s6 -= 2
    if (
        (weeks is not None and weeks < 12)
        and asthma is False
        and allergy in ("none", "class_b", "class_c", "multiple")
    ):
        fired.append("R0039")
        s2 -= 5
        s6 -= 5
    if (
        (prior_lines is not None and prior_lines >= 2)
        and (hba1c is not None and hba1c < 58)
        and severity in ("mild", "moderate")
        and diabetes is True
    ) or (anticoagulant is True and frailty in ("fit", "mild") and d009):
        fired.append("R0040")
        s5 -= 1
    if sex == "female" and smoking == "former":
        fired.append("R0041")
        s2 -= 3
    if (
        smoking == "current"
        and no_d003
        and (gi_ulcer is True or d010 or atrial_fib is True)
    ):
        fired.append("R0042")
        s0 -= 5
        s4 -= 5
    if (
        frailty in ("fit", "moderate", "severe")
        and asthma is True
        and (
            (prior_lines is not None and prior_lines < 3)
            or liver_disease is True
            or age < 85
        )
    ):
        fired.append("R0043")
        s1 -= 4
    if (
        severity in ("moderate", "severe")
        and bleed_risk in ("low", "medium")
        and (pain is not None and pain >= 7)
    ) or (d006 and (weight_kg is not None and weight_kg < 50) and d013):
        fired.append("R0044")
        s2 -= 2
        s6 -= 2
    if (
        setting == "clinic"
        and allergy in ("none", "class_b", "class_c", "multiple")
        and d015
        and ((hba1c is not None and hba1c >= 48) or (sbp is not None and sbp >= 140))
    ):
        fired.append("R0045")
        s4 -= 2
    if (allergy in ("class_a", "class_b", "multiple") and no_d013) or (
        (prior_lines is not None and prior_lines < 1)
        and (bmi is not None and bmi < 25)
        and (weight_kg is not None and weight_kg < 120)
    ):
        fired.append("R0046")
        s0 -= 3
        s5 -= 3
        s6 -= 3
    if bleed_risk == "medium" and (breastfeeding is True or d007):
        fired.append("R0047")
        s2 -= 5
        s3 -= 5
        s6 -= 5
    if route_pref in ("oral", "any") and d007:
        fired.append("R0048")
        s2 -= 1
    if (pregnant is True and age >= 50 and liver_disease is False) or (
        (pain is not None and pain < 8) and d007 and diabetes is False
    ):
        fired.append("R0049")
        s3 -= 2
    if breastfeeding is False and prior_stroke is True:
        fired.append("R0050")
        s3 -= 4
        s6 -= 4
    if diabetes is True and hypertension is True:
        fired.append("R0051")
        s4 -= 2
    if hypertension is False and (prior_lines is not None and prior_lines < 1):
        fired.append("R0052")
        s2 -= 4
        s6 -= 4
    if heart_failure is True and (d007 or d015 or d003):
        fired.append("R0053")
        s5 -= 3
    if atrial_fib is True and breastfeeding is False:
        fired.append("R0054")
        s0 -= 5
        s3 -= 5
        s4 -= 5
    if prior_stroke is False and (sbp is not None and sbp >= 160):
        fired.append("R0055")
        s4 -= 3
    if gi_ulcer is False and smoking in ("former", "current"):
        fired.append("R0056")
        s2 += 3
        s3 += 3
    if liver_disease is False and (d016 or d009):
        fired.append("R0057")
        s1 += 5
    if (
        asthma is False
        and (bmi is not None and bmi < 35)
        and (alt is not None and alt >= 40)
    ):
        fired.append("R0058")
        s0 += 6
        s6 += 6
    if anticoagulant is True or (setting in ("home", "hospital") and d007):
        fired.append("R0059")
        s1 += 8
        s3 += 8
    if immunosuppressed is False and bleed_risk in ("low", "high"):
        fired.append("R0060")
        s0 += 2
        s5 += 2
    if d010 and ((hba1c is not None and hba1c < 75) or pregnant is True):
        fired.append("R0061")
        s6 += 3
    if anticoagulant is False and (route_pref == "any" or pregnant is True):
        fired.append("R0062")
        s6 += 1
    if sex == "female" and no_d005 and atrial_fib is False:
        fired.append("R0063")
        s1 += 7
        s3 += 7
        s5 += 7
    if frailty in ("fit", "moderate") and setting in ("home", "hospital"):
        fired.append("R0064")
        s6 += 4
    if (sbp is not None and sbp < 160) and (alt is not None and alt < 40):
        fired.append("R0065")
        s2 += 8
        s4 += 8
    if (bmi is not None and bmi >= 30) and (weight_kg is not None and weight_kg >= 60):
        fired.append("R0066")
        s4 += 3
        s5 += 3
    if (
        setting in ("clinic", "hospital")
        and frailty in ("fit", "mild", "moderate")
        and severity in ("moderate", "severe")
    ):
        fired.append("R0067")
        s1 += 4
    if (
        hypertension is False
        and allergy in ("none", "class_b", "class_c")
        and (pain is not None and pain < 8)
    ):
        fired.append("R0068")
        s0 += 6
        s6 += 6
    if anticoagulant is False and setting == "clinic":
        fired.append("R0069")
        s1 += 4
        s4 += 4
        s6 += 4
    if gi_ulcer is False and (d009 or (weeks is not None and weeks >= 104)):
        fired.append("R0070")
        s4 += 5
        s5 += 5
    if (weight_kg is not None and weight_kg >= 50) and (
        asthma is True or diabetes is True
    ):
        fired.append("R0071")
        s2 += 5
    if d013 or (age >= 40 and d004):
        fired.append("R0072")
        s1 += 7
    if (prior_lines is not None and prior_lines >= 3) or (
        severity in ("moderate", "severe") and smoking in ("former", "current")
    ):
        fired.append("R0073")
        s2 += 7
    if bleed_risk in ("medium", "high") and prior_stroke is False:
        fired.append("R0074")
        s4 += 5
    if smoking == "never" and sex == "male":
        fired.append("R0075")
        s2 += 5
    if smoking in ("former", "current") and (sbp is not None and sbp >= 130):
        fired.append("R0076")
        s2 += 2
    if (weeks is not None and weeks >= 4) and no_d014 and liver_disease is False:
        fired.append("R0077")
        s6 += 6
    if route_pref == "oral" or (frailty == "fit" and diabetes is True):
        fired.append("R0078")
        s1 += 4
        s3 += 4
    if bleed_risk in ("low", "high") and age < 65 and immunosuppressed is False:
        fired.append("R0079")
        s5 += 6
    if route_pref == "oral" or (
        (hba1c is not None and hba1c >= 58)
        and (prior_lines is not None and prior_lines < 3)
    ):
        fired.append("R0080")
        s1 += 7
    rank: list[tuple[int, int]] = []
    excluded: list[int] = []
    if x0:
        excluded.append(0)
    else:
        rank.append((-s0, 0))
    if x1:
        excluded.append(1)
    else:
        rank.append((-s1, 1))
    if x2:
        excluded.append(2)
    else:
        rank.append((-s2, 2))
    if x3:
        excluded.append(3)
    else:
        rank.append((-s3, 3))
    if x4:
        excluded.append(4)
    else:
        rank.append((-s4, 4))
    if x5:
        excluded.append(5)
    else:
        rank.append((-s5, 5))
    if x6:
        excluded.append(6)
    else:
        rank.append((-s6, 6))
    rank.sort()
    return Answer(
        tuple(excluded),
        tuple([place for _, place in rank]),
        (
            s0,
            s1,
            s2,
            s3,
            s4,
            s5,
            s6,
        ),
        tuple(fired),
        (),
    )
