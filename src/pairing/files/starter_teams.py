"""Example teams for `pairing init`: made up, with strengths that complement each other."""

from __future__ import annotations

TEAMS_CSV = """\
team,name,region,latitude,longitude,patients,early_diagnosis,early_diagnosis_n,surgery,surgery_n,drug_treatment,\
drug_treatment_n,seen_by_nurse,seen_by_nurse_n
T01,Synthetic team 1,North,54.152,-1.740,269,0.7231,242,0.4969,161,0.5373,134,0.6758,256
T02,Synthetic team 2,South,51.150,-1.253,257,0.6797,231,0.5065,154,0.6250,128,0.7787,244
T03,Synthetic team 3,East,52.828,1.068,175,0.7152,158,0.5810,105,0.4659,88,0.6687,166
T04,Synthetic team 4,West,51.489,-2.700,191,0.5988,172,0.6000,115,0.4271,96,0.6519,181
T05,Synthetic team 5,North,54.403,-1.601,236,0.4292,212,0.3169,142,0.6864,118,0.8884,224
T06,Synthetic team 6,South,51.099,-1.423,256,0.4000,230,0.3766,154,0.6797,128,0.9177,243
T07,Synthetic team 7,East,52.185,0.861,222,0.4000,200,0.2857,133,0.6486,111,0.9194,211
T08,Synthetic team 8,West,51.562,-2.872,217,0.5077,195,0.3308,130,0.6852,108,0.9369,206
T09,Synthetic team 9,North,54.128,-1.649,202,0.6044,182,0.3388,121,0.5842,101,0.7396,192
T10,Synthetic team 10,South,50.725,-1.461,226,0.7192,203,0.4044,136,0.6726,113,0.7628,215
T11,Synthetic team 11,East,52.947,0.717,270,0.5926,243,0.2716,162,0.7185,135,0.6680,256
T12,Synthetic team 12,West,51.941,-2.820,202,0.6703,182,0.3306,121,0.7426,101,0.7188,192
T13,Synthetic team 13,North,54.534,-1.897,164,0.4797,148,0.5408,98,0.4634,82,0.9167,156
T14,Synthetic team 14,South,51.568,-0.755,282,0.4252,254,0.5799,169,0.5390,141,0.8843,268
T15,Synthetic team 15,East,52.475,0.462,264,0.4286,238,0.5380,158,0.5227,132,0.8805,251
T16,Synthetic team 16,West,52.085,-3.485,236,0.5377,212,0.5845,142,0.4492,118,0.9330,224
"""
