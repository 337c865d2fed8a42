// Reads JSON messages by the names of their classes, into objects of these classes, and writes the objects again.
// Members are found by exactly the names that the source states; what has none is left out.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Serialization;
using System.Web.Script.Serialization;
using System.Xml;

public static class Program
{
    static readonly JavaScriptSerializer Json = new JavaScriptSerializer { MaxJsonLength = int.MaxValue };

    public static void Main()
    {
        var input = new StreamReader(Console.OpenStandardInput()).ReadToEnd();
        var types = Assembly.GetExecutingAssembly().GetTypes().GroupBy(t => t.Name).ToDictionary(g => g.Key, g => g.Last());
        var answers = new Dictionary<string, object>();
        foreach (var each in (Dictionary<string, object>)Json.DeserializeObject(input))
        {
            var given = Json.DeserializeObject((string)each.Value);
            answers[each.Key] = Json.Serialize(Written(Read(types[each.Key], given)));
        }
        using (var output = new StreamWriter(Console.OpenStandardOutput()))
            output.Write(Json.Serialize(answers));
    }

    static object Read(Type type, object given)
    {
        if (given == null) return null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return (string)given;
        if (type == typeof(Guid)) return Guid.ParseExact((string)given, "D");
        if (type == typeof(DateTime)) return DateTime.Parse((string)given, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        if (type == typeof(TimeSpan)) return XmlConvert.ToTimeSpan((string)given);
        if (type == typeof(byte[])) return Convert.FromBase64String((string)given);
        if (type.IsEnum) return type.GetFields().Single(f => f.IsStatic && NameOf(f) == (string)given).GetValue(null);
        if (type.IsPrimitive || type == typeof(decimal)) return Convert.ChangeType(given, type, CultureInfo.InvariantCulture);
        var made = Activator.CreateInstance(type);
        if (made is IList list)
            foreach (var item in (object[])given) list.Add(Read(type.GetGenericArguments()[0], item));
        else if (made is IDictionary map)
            foreach (var item in (Dictionary<string, object>)given) map[item.Key] = Read(type.GetGenericArguments()[1], item.Value);
        else
            foreach (var item in (Dictionary<string, object>)given)
            {
                var member = type.GetProperties().SingleOrDefault(p => NameOf(p) == item.Key);
                if (member != null) member.SetValue(made, Read(member.PropertyType, item.Value));
            }
        return made;
    }

    static object Written(object value)
    {
        if (value == null || value is string || value is decimal || value.GetType().IsPrimitive) return value;
        if (value is Guid id) return id.ToString("D");
        if (value is DateTime moment) return moment.ToString("o", CultureInfo.InvariantCulture);
        if (value is TimeSpan span) return XmlConvert.ToString(span);
        if (value is byte[] bytes) return Convert.ToBase64String(bytes);
        if (value is Enum) return NameOf(value.GetType().GetField(value.ToString()));
        if (value is IDictionary map) return map.Keys.Cast<string>().ToDictionary(key => key, key => Written(map[key]));
        if (value is IList list) return list.Cast<object>().Select(Written).ToList();
        var members = value.GetType().GetProperties().Where(p => p.GetValue(value) != null);
        return members.ToDictionary(NameOf, p => Written(p.GetValue(value)));
    }

    static string NameOf(MemberInfo member)
    {
        return member.GetCustomAttribute<DataMemberAttribute>()?.Name
            ?? member.GetCustomAttribute<EnumMemberAttribute>()?.Value
            ?? member.Name;
    }
}
