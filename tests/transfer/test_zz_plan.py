import time
from importing import Importer, hevy
from uuid import UUID
from reptrail.ids import uuid7
from reptrail.db.pool import Via, Transaction
import reptrail.transfer.actions as A
from reptrail.transfer.actions import *
async def test_plan(importer: Importer, samples, monkeypatch):
    real=(samples/"hevy/workout_data_7211_sets.csv").read_bytes()
    ex=Transaction.execute
    async def timed(self, sql, *a):
        t=time.perf_counter(); r=await ex(self,sql,*a); d=time.perf_counter()-t
        if d>.05: print(f"{d:.2f}", " ".join(sql.split())[:80])
        return r
    rs=Transaction.rows
    async def timedr(self, sql, *a):
        t=time.perf_counter(); r=await rs(self,sql,*a); d=time.perf_counter()-t
        if d>.05: print(f"{d:.2f}", " ".join(sql.split())[:80])
        return r
    monkeypatch.setattr(Transaction,"execute",timed); monkeypatch.setattr(Transaction,"rows",timedr)
    async def both(data):
        async with importer.services.database.act_as_system(UUID(importer.person.user_id), uuid7(), Via.IMPORT) as tx:
            t=time.perf_counter()
            r=await run_import(tx, data, ImportOptions(file_name="hevy.csv"))
            print("import", round(time.perf_counter()-t,2))
        return r
    async def undo(r):
        async with importer.services.database.act_as_system(UUID(importer.person.user_id), uuid7(), Via.IMPORT) as tx:
            t=time.perf_counter()
            await undo_import(tx, r.id)
            print("undo", round(time.perf_counter()-t,2))
    from importing import HEVY_HEAD
    from datetime import datetime, timedelta
    rows=[HEVY_HEAD]
    for i in range(50000):
        d=datetime(2000,1,1)+timedelta(minutes=i)
        rows.append(f'T,"{d:%Y-%m-%d %H:%M}","",,Bench Press (Barbell),,,0,normal,80,5,,,\n')
    many="".join(rows).encode()
    one=(HEVY_HEAD+"".join(f'T,"2000-01-01 10:00","",,Plank,,,{i},normal,,,,1,\n' for i in range(32000))).encode()
    for f in (many, one):
        t=time.perf_counter(); r=await both(f); print(r.counts); 
        r2=await both(f); print(r2.counts.sets_new)
        await undo(r)
