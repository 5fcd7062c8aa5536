"""How anything that PostgreSQL did not build becomes JSON: decimals as numbers, to the digit."""

import msgspec

encode = msgspec.json.Encoder(decimal_format="number").encode
