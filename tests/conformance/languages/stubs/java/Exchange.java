import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.function.Function;
import net.servicestack.client.IReturn;
import net.servicestack.client.Route;
import net.servicestack.client.TimeSpan;

/**
 * Reads lines of a class name and JSON, makes an object of it, and answers with a line of the name, the JSON of the
 * object, the response that the class names, and its route. The argument stands before each class name.
 */
public class Exchange {
    public static void main(String[] arguments) throws Exception {
        Gson gson = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeAdapter(Date.class, new AsText<Date>(t -> Date.from(Instant.parse(t)), d -> d.toInstant().toString()))
            .registerTypeAdapter(TimeSpan.class, new AsText<TimeSpan>(TimeSpan::parse, TimeSpan::toString))
            .registerTypeAdapter(byte[].class,
                new AsText<byte[]>(t -> Base64.getDecoder().decode(t), b -> Base64.getEncoder().encodeToString(b)))
            .create();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split("\t", 2);
            Class<?> type = Class.forName(arguments[0] + parts[0]);
            Object message = gson.fromJson(parts[1], type);
            Route route = type.getAnnotation(Route.class);
            String path = route == null ? "" : route.Verbs() + " " + route.Path();
            out.println(parts[0] + "\t" + gson.toJson(message) + "\t" + response(message) + "\t" + path);
        }
        out.flush();
    }

    private static String response(Object message) {
        if (!(message instanceof IReturn)) {
            return "";
        }
        return ((Class<?>) ((IReturn<?>) message).getResponseType()).getSimpleName();
    }

    private static final class AsText<T> extends TypeAdapter<T> {
        private final Function<String, T> parse;
        private final Function<T, String> print;

        AsText(Function<String, T> parse, Function<T, String> print) {
            this.parse = parse;
            this.print = print;
        }

        @Override
        public T read(JsonReader reader) throws IOException {
            return parse.apply(reader.nextString());
        }

        @Override
        public void write(JsonWriter writer, T value) throws IOException {
            if (value == null) {
                writer.nullValue();
            } else {
                writer.value(print.apply(value));
            }
        }
    }
}
