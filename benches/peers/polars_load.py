"""The tables of `load.rs` read by Polars, and joined as a register joins them; prints seconds.

python polars_load.py FOLDER parquet|csv
"""

import sys
import time
from pathlib import Path

import polars as pl

folder, suffix = Path(sys.argv[1]), sys.argv[2]


def read(name: str) -> pl.DataFrame:
    path = folder / f"{name}.{suffix}"
    # every column a text in both, as in the files
    return pl.read_parquet(path) if suffix == "parquet" else pl.read_csv(path, infer_schema=False)


def once() -> tuple[int, int, int]:
    residents, custody, dwellings, buildings, owners, stairwells = map(
        read, ["residents", "custody", "dwellings", "buildings", "owners", "stairwells"]
    )
    who = residents.select(who=pl.coalesce("code", "key"), row=pl.int_range(pl.len()))
    # where everybody lives, and in which building
    homes = residents.join(dwellings, on="dwelling", how="left").join(buildings, on="building", how="left", suffix="_b")
    # households: everyone of one dwelling, protected if anybody is
    households = homes.group_by("dwelling").agg(pl.len(), (pl.col("protected") == "true").any(), pl.col("since").min())
    # who is beside whom
    pairs = custody.join(who, left_on="child", right_on="who", how="left").join(
        who, left_on="custodian", right_on="who", how="left", suffix="_custodian"
    )
    of_child = pairs.group_by("child").agg(pl.len(), pl.col("row_custodian"))
    lifts = stairwells.group_by("building").agg((pl.col("lift") == "true").sum())
    owned = buildings.join(owners, on="building", how="left").join(lifts, on="building", how="left")
    return len(households), len(of_child), len(owned)


once()
begun = time.perf_counter()
once()
print(time.perf_counter() - begun)
