import time, json
from helpers import Person
async def up(p, data, **f):
    t=time.time()
    r = await p.post("imports", files={"file": ("a.csv", data)}, data=f)
    print(r.status_code, round(time.time()-t,3), end=" ")
    return r
async def test_speed(athlete: Person, samples, services):
    data=(samples/"hevy/workout_data_7211_sets.csv").read_bytes()
    r=await up(athlete,data,dry_run="true"); print(r.json()["counts"])
    r=await up(athlete,data); print(r.text[:3000]); i=r.json()["id"]
    r=await up(athlete,data); print(r.json()["counts"])
    t=time.time(); r=await athlete.get(f"imports/{i}"); print(r.status_code, len(r.content))
    t=time.time(); r=await athlete.delete(f"imports/{i}"); print('undo',r.status_code, time.time()-t, r.text[:300])
    r=await up(athlete,data); print(r.json()["counts"])
    r=await athlete.get("imports"); print(r.text)
